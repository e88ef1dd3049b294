using MathNet.Numerics.Random;

namespace Sidecars.Explainers.Shap;

/// <summary>Draws pairs without replacement, sizes as <see cref="SizeAllocation"/> says, uniformly within a size.</summary>
internal static class PairSampler
{
    /// <summary>Draws pairs so that the first <c>rungs[0]</c>, <c>rungs[1]</c>, … of them are such samples as well.</summary>
    /// <param name="players">M, at least 3.</param>
    /// <param name="rungs">Growing numbers of pairs, the last at most all there are.</param>
    /// <param name="seed">What the draws start from.</param>
    public static CoalitionPairs Draw(int players, IReadOnlyList<int> rungs, int seed)
    {
        var random = new Xoshiro256StarStar(unchecked((seed * 1_000_003) ^ players), threadSafe: false);
        double phase = random.NextDouble();
        int[][] taken = [.. rungs.Select(pairs => SizeAllocation.Allocate(players, pairs, phase))];
        ulong[][] drawn = new ulong[(players / 2) + 1][];
        for (int size = 1; size < drawn.Length; size++)
        {
            int most = taken.Max(rung => rung[size]);
            drawn[size] = DrawSize(players, size, most, random);
        }

        return new CoalitionPairs(
            players, Order(players, rungs, taken, drawn), rungs[^1] == CoalitionPairs.CountFor(players));
    }

    private static ulong[] Order(int players, IReadOnlyList<int> rungs, int[][] taken, ulong[][] drawn)
    {
        int words = CoalitionPairs.WordsFor(players);
        ulong[] bits = new ulong[rungs[^1] * words];
        int[] used = new int[drawn.Length];
        int at = 0;
        for (int rung = 0; rung < rungs.Count; rung++)
        {
            for (int size = 1; size < drawn.Length; size++)
            {
                // Rounding may give a size one pair less in a later rung: what is in stays in, and the budget ends the rung.
                for (; used[size] < taken[rung][size] && at < rungs[rung]; used[size]++, at++)
                {
                    drawn[size].AsSpan(used[size] * words, words).CopyTo(bits.AsSpan(at * words));
                }
            }
        }

        // What such rounding left over goes to the next of any size.
        for (int size = 1; size < drawn.Length; size++)
        {
            for (; at < rungs[^1] && (used[size] + 1) * words <= drawn[size].Length; used[size]++, at++)
            {
                drawn[size].AsSpan(used[size] * words, words).CopyTo(bits.AsSpan(at * words));
            }
        }

        return bits;
    }

    private static ulong[] DrawSize(int players, int size, int count, Xoshiro256StarStar random)
    {
        double all = SizeAllocation.PairsOfSize(players, size);
        return count == 0 ? []
            : count * 2.0 >= all ? Shuffled(players, size, count, (int)all, random)
            : Rejected(players, size, count, random);
    }

    /// <summary>Most of what there is: list it and shuffle.</summary>
    private static ulong[] Shuffled(int players, int size, int count, int all, Xoshiro256StarStar random)
    {
        int words = CoalitionPairs.WordsFor(players);
        ulong[] bits = new ulong[all * words];
        int[] chosen = [.. Enumerable.Range(0, size)];
        for (int i = 0; i < all; i++)
        {
            Set(bits.AsSpan(i * words, words), chosen);
            Next(chosen, players);
        }

        for (int i = 0; i < count; i++)
        {
            int other = random.Next(i, all);
            for (int word = 0; word < words; word++)
            {
                (bits[(i * words) + word], bits[(other * words) + word]) = (bits[(other * words) + word], bits[(i * words) + word]);
            }
        }

        return bits[..(count * words)];
    }

    /// <summary>Less than half: draw, and draw again what was drawn before.</summary>
    private static ulong[] Rejected(int players, int size, int count, Xoshiro256StarStar random)
    {
        int words = CoalitionPairs.WordsFor(players);
        ulong[] bits = new ulong[count * words];
        int[] order = [.. Enumerable.Range(0, players)];

        // Of two equal halves the one with player 0 stands for the pair.
        int first = 2 * size == players ? 1 : 0;
        var seen = new HashSet<UInt128>();
        for (int i = 0; i < count;)
        {
            for (int k = first; k < size; k++)
            {
                int other = random.Next(k, players);
                (order[k], order[other]) = (order[other], order[k]);
            }

            Span<ulong> set = bits.AsSpan(i * words, words);
            set.Clear();
            Set(set, order.AsSpan(0, size));
            i += seen.Add(Key(set)) ? 1 : 0;
        }

        return bits;
    }

    /// <summary>The set itself for up to 128 players, a hash of it beyond, where two draws are never the same.</summary>
    private static UInt128 Key(ReadOnlySpan<ulong> set)
    {
        UInt128 key = 0;
        foreach (ulong word in set)
        {
            key = set.Length <= 2 ? (key << 64) | word : (key * 0x9E3779B97F4A7C15) ^ (key >> 61) ^ word;
        }

        return key;
    }

    private static void Set(Span<ulong> set, ReadOnlySpan<int> players)
    {
        foreach (int player in players)
        {
            set[player >> 6] |= 1UL << (player & 63);
        }
    }

    /// <summary>The next combination in lexicographic order; halves all begin with player 0, for they are listed first.</summary>
    private static void Next(int[] chosen, int players)
    {
        int i = chosen.Length - 1;
        while (i >= 0 && chosen[i] == players - chosen.Length + i)
        {
            i--;
        }

        if (i < 0)
        {
            return;
        }

        chosen[i]++;
        for (int k = i + 1; k < chosen.Length; k++)
        {
            chosen[k] = chosen[k - 1] + 1;
        }
    }
}
