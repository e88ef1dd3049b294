using System.Runtime.InteropServices;
using MathNet.Numerics.Random;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Which background rows a coalition needs scored. Rows that agree in all columns it takes from the background make the
/// same row for the model: one stands for them, with their weights together. It does not depend on the explained row.
/// </summary>
internal sealed class BackgroundCells
{
    // Beyond this many cells the table would outweigh what it saves.
    private const long MostCells = 4_000_000;

    private readonly int[]? _start;
    private readonly int[] _row;
    private readonly double[] _weight;

    public BackgroundCells(ReadOnlySpan<byte> masks, Background background)
    {
        int features = background.Rows.Features;
        int coalitions = masks.Length / features;
        Rows = background.Rows.Rows;
        if ((long)coalitions * Rows > MostCells)
        {
            _row = [.. Enumerable.Range(0, Rows)];
            _weight = background.Weights.ToArray();
            return;
        }

        ulong[] marks = Marks(background.Rows);
        var rows = new List<int>(coalitions * Rows);
        var weights = new List<double>(coalitions * Rows);
        var seen = new Dictionary<ulong, int>(Rows);
        _start = new int[coalitions + 1];
        for (int coalition = 0; coalition < coalitions; coalition++)
        {
            seen.Clear();
            ReadOnlySpan<byte> mask = masks.Slice(coalition * features, features);
            for (int b = 0; b < Rows; b++)
            {
                ulong mark = 0;
                for (int column = 0; column < features; column++)
                {
                    mark ^= mask[column] == 0 ? marks[(b * features) + column] : 0;
                }

                ref int at = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, mark, out bool known);
                if (known)
                {
                    weights[at] += background.Weights.Span[b];
                    continue;
                }

                at = rows.Count;
                rows.Add(b);
                weights.Add(background.Weights.Span[b]);
            }

            _start[coalition + 1] = rows.Count;
        }

        _row = [.. rows];
        _weight = [.. weights];
    }

    /// <summary>How many background rows there are.</summary>
    public int Rows { get; }

    /// <summary>About how many bytes such a table takes.</summary>
    public static long BytesFor(long coalitions, int rows) => coalitions * rows > MostCells ? 0 : coalitions * rows * 12;

    /// <summary>The background rows that a coalition needs, and what each stands for.</summary>
    public (ReadOnlyMemory<int> Rows, ReadOnlyMemory<double> Weights) this[int coalition] => _start is null
        ? (_row, _weight)
        : (_row.AsMemory(_start[coalition].._start[coalition + 1]), _weight.AsMemory(_start[coalition].._start[coalition + 1]));

    /// <summary>
    /// A random 64-bit number for every value of every column; a row's columns XORed tell it from others. That two of some
    /// thousand different rows get the same has a probability below 1e-12.
    /// </summary>
    private static ulong[] Marks(TabularData rows)
    {
        var random = new Xoshiro256StarStar(1, threadSafe: false);
        ulong[] marks = new ulong[rows.Values.Length];
        var known = new Dictionary<(int Column, int Bits), ulong>();
        byte[] buffer = new byte[8];
        for (int i = 0; i < marks.Length; i++)
        {
            (int, int) key = (i % rows.Features, BitConverter.SingleToInt32Bits(rows.Values.Span[i]));
            if (!known.TryGetValue(key, out marks[i]))
            {
                random.NextBytes(buffer);
                known[key] = marks[i] = BitConverter.ToUInt64(buffer);
            }
        }

        return marks;
    }
}
