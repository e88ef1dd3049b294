using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The sums of one margin (products, if its terms are exponentials) for all subsets of each six features, laid out for all
/// background rows side by side: those in the subset are the row's, the others the background row's.
/// </summary>
internal sealed class SubsetTables
{
    /// <summary>How many features share a table of 64 subsets.</summary>
    public const int ChunkFeatures = 6;

    private readonly int _padded;
    private readonly bool _products;

    // [chunks][subsets · padded rows]
    private readonly double[][] _tables;

    public SubsetTables(LinearTerms terms, int margin)
    {
        _padded = terms.Padded;
        _products = terms.AreExponentials;
        int features = terms.OfRow[margin].Length;
        _tables = new double[(features + ChunkFeatures - 1) / ChunkFeatures][];
        for (int chunk = 0; chunk < _tables.Length; chunk++)
        {
            int first = chunk * ChunkFeatures;
            int mine = Math.Min(ChunkFeatures, features - first);
            double[] table = _tables[chunk] = new double[_padded << mine];
            table.AsSpan(0, _padded).Fill(chunk == 0 ? terms.Intercepts[margin] : _products ? 1 : 0);
            for (int i = 0; i < mine; i++)
            {
                Double(
                    table.AsSpan(0, _padded << (i + 1)),
                    terms.OfRow[margin][first + i],
                    terms.OfBackground[margin].AsSpan((first + i) * _padded, _padded));
            }
        }
    }

    /// <summary>The sums, or products, of one coalition for all background rows.</summary>
    /// <param name="mask">The coalition, [features].</param>
    /// <param name="sums">Where they go, [padded rows].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Combine(ReadOnlySpan<byte> mask, Span<double> sums)
    {
        Span<Vector<double>> to = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (int chunk = 0; chunk < _tables.Length; chunk++)
        {
            int subset = 0;
            ReadOnlySpan<byte> mine = mask[(chunk * ChunkFeatures)..Math.Min(mask.Length, (chunk + 1) * ChunkFeatures)];
            for (int i = 0; i < mine.Length; i++)
            {
                subset |= mine[i] << i;
            }

            ReadOnlySpan<double> entry = _tables[chunk].AsSpan(subset * _padded, _padded);
            if (chunk == 0)
            {
                entry.CopyTo(sums);
                continue;
            }

            ReadOnlySpan<Vector<double>> from = MemoryMarshal.Cast<double, Vector<double>>(entry);
            for (int v = 0; v < to.Length; v++)
            {
                to[v] = _products ? to[v] * from[v] : to[v] + from[v];
            }
        }
    }

    // The filled first half of a table is without a feature of the row; the second half becomes the same with it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Double(Span<double> table, double present, ReadOnlySpan<double> absent)
    {
        Span<Vector<double>> without = MemoryMarshal.Cast<double, Vector<double>>(table[..(table.Length / 2)]);
        Span<Vector<double>> with = MemoryMarshal.Cast<double, Vector<double>>(table[(table.Length / 2)..]);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(absent);
        var mine = new Vector<double>(present);
        for (int at = 0; at < without.Length; at += others.Length)
        {
            for (int b = 0; b < others.Length; b++)
            {
                Vector<double> sum = without[at + b];
                with[at + b] = _products ? sum * mine : sum + mine;
                without[at + b] = _products ? sum * others[b] : sum + others[b];
            }
        }
    }
}
