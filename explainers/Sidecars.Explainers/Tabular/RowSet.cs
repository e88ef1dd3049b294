using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Sidecars.Explainers.Tabular;

/// <summary>A set of training rows, one bit for each row: counted, intersected and picked from without looking at the rows.</summary>
internal sealed class RowSet
{
    private readonly ulong[] _words;
    private int[]? _before;

    private RowSet(ulong[] words, int rows)
    {
        _words = words;
        Rows = rows;
        foreach (ulong word in words)
        {
            Count += BitOperations.PopCount(word);
        }
    }

    /// <summary>Of how many rows it is a set.</summary>
    public int Rows { get; }

    /// <summary>How many rows are in the set.</summary>
    public int Count { get; }

    /// <summary>The rows for which a condition holds.</summary>
    public static RowSet Where(int rows, Func<int, bool> holds)
    {
        ulong[] words = new ulong[(rows + 63) / 64];
        for (int row = 0; row < rows; row++)
        {
            if (holds(row))
            {
                words[row >> 6] |= 1UL << (row & 63);
            }
        }

        return new RowSet(words, rows);
    }

    /// <summary>The rows that are in both sets.</summary>
    public static RowSet Intersect(RowSet a, RowSet b)
    {
        ulong[] words = new ulong[a._words.Length];
        int i = 0;
        for (; i <= words.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            (new Vector<ulong>(a._words, i) & new Vector<ulong>(b._words, i)).CopyTo(words, i);
        }

        for (; i < words.Length; i++)
        {
            words[i] = a._words[i] & b._words[i];
        }

        return new RowSet(words, a.Rows);
    }

    /// <summary>Whether a row is in the set.</summary>
    public bool Contains(int row) => (_words[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>The row that has <paramref name="rank"/> rows of the set before it; the rank is below <see cref="Count"/>.</summary>
    public int Pick(int rank)
    {
        int[] before = _before ??= CountBefore();
        int low = 0;
        int high = before.Length; // the last word with before <= rank
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            (low, high) = before[middle] <= rank ? (middle, high) : (low, middle);
        }

        return (low << 6) + PickBit(_words[low], rank - before[low]);
    }

    /// <summary>The rows of the set in ascending order; <see cref="Pick"/> of a rank is the row at that place.</summary>
    public int[] ToRows()
    {
        int[] rows = new int[Count];
        int at = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            for (ulong word = _words[i]; word != 0; word &= word - 1)
            {
                rows[at++] = (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return rows;
    }

    /// <summary>How many rows of the set lie in earlier words, for each word.</summary>
    private int[] CountBefore()
    {
        int[] before = new int[_words.Length];
        for (int i = 1; i < before.Length; i++)
        {
            before[i] = before[i - 1] + BitOperations.PopCount(_words[i - 1]);
        }

        return before;
    }

    private static int PickBit(ulong word, int rank)
    {
        if (Bmi2.X64.IsSupported)
        {
            return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1UL << rank, word));
        }

        for (; rank > 0; rank--)
        {
            word &= word - 1;
        }

        return BitOperations.TrailingZeroCount(word);
    }
}
