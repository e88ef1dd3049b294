using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Some dozens of rows on their way through all trees: their features as columns, and their sums. They stay in the
/// processor's first cache.
/// </summary>
internal sealed class TreeBlock
{
    /// <summary>How many rows a block holds: a multiple of every vector's width.</summary>
    public const int Rows = 64;

    /// <summary>Makes room for the rows of an ensemble.</summary>
    public TreeBlock(CompiledTrees trees)
    {
        Columns = new float[trees.Columns * Rows];
        Sums = new double[trees.Source.Outputs * Rows];
        Margins = new double[Sums.Length];
        Nodes = new int[Rows];
    }

    /// <summary>[columns, rows].</summary>
    public float[] Columns { get; }

    /// <summary>[outputs, rows].</summary>
    public double[] Sums { get; }

    /// <summary>The same as [rows, outputs], after <see cref="ReadMargins"/>.</summary>
    public double[] Margins { get; }

    /// <summary>Where each row is in the tree at hand.</summary>
    public int[] Nodes { get; }

    /// <summary>Puts rows in, as columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(CompiledTrees trees, ReadOnlySpan<float> rows)
    {
        int features = trees.Source.Features;
        for (int j = 0; j < features; j++)
        {
            Span<float> column = Columns.AsSpan(j * Rows, Rows);
            for (int i = 0, at = j; at < rows.Length; i++, at += features)
            {
                column[i] = rows[at];
            }
        }

        FillPassing(trees);
    }

    /// <summary>Makes rows of the sums again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadMargins(int rows)
    {
        int width = Sums.Length / Rows;
        for (int o = 0; o < width; o++)
        {
            ReadOnlySpan<double> sums = Sums.AsSpan(o * Rows, rows);
            for (int i = 0, at = o; i < sums.Length; i++, at += width)
            {
                Margins[at] = sums[i];
            }
        }
    }

    /// <summary>Derives the columns in which missing values pass from the plain ones.</summary>
    public void FillPassing(CompiledTrees trees)
    {
        for (int p = 0; p < trees.PassingColumns.Length; p++)
        {
            ReadOnlySpan<float> from = Columns.AsSpan(trees.PassingColumns[p] * Rows, Rows);
            Span<float> to = Columns.AsSpan((trees.Source.Features + p) * Rows, Rows);
            for (int i = 0; i < Rows; i++)
            {
                to[i] = float.IsNaN(from[i]) ? float.NegativeInfinity : from[i];
            }
        }
    }
}
