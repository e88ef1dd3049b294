using System.Numerics;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Coalitions in pairs {S, N∖S}, of which one side is stored: bit i of S is player i. The empty and the full coalition are
/// never among them.
/// </summary>
/// <param name="players">How many players there are, M.</param>
/// <param name="bits">The stored sides, [pairs, words].</param>
/// <param name="complete">Whether these are all pairs there are.</param>
internal sealed class CoalitionPairs(int players, ulong[] bits, bool complete)
{
    public int Players { get; } = players;

    public int Words { get; } = WordsFor(players);

    public int Count { get; } = bits.Length / WordsFor(players);

    public bool Complete { get; } = complete;

    /// <summary>How many pairs M players have: 2^(M−1) − 1, or infinity.</summary>
    public static double CountFor(int players) => Math.Pow(2, players - 1) - 1;

    public static int WordsFor(int players) => (players + 63) / 64;

    /// <summary>All pairs, in the order of the numbers their bits make.</summary>
    public static CoalitionPairs All(int players)
    {
        ulong[] bits = new ulong[(int)CountFor(players)];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = (ulong)i + 1;
        }

        return new CoalitionPairs(players, bits, true);
    }

    /// <summary>The stored side of a pair.</summary>
    public ReadOnlySpan<ulong> this[int pair] => bits.AsSpan(pair * Words, Words);

    /// <summary>Whether a player is in the stored side.</summary>
    public bool Contains(int pair, int player) => (bits[(pair * Words) + (player >> 6)] >> (player & 63) & 1) != 0;

    /// <summary>|S| of the stored side.</summary>
    public int Size(int pair) => PopCount(this[pair]);

    /// <summary>In how many players the stored sides of two pairs differ.</summary>
    public int Distance(int a, int b)
    {
        int distance = 0;
        for (int word = 0; word < Words; word++)
        {
            distance += BitOperations.PopCount(bits[(a * Words) + word] ^ bits[(b * Words) + word]);
        }

        return distance;
    }

    /// <summary>The first pairs of these.</summary>
    public CoalitionPairs Take(int count) =>
        count == Count ? this : new CoalitionPairs(Players, bits[..(count * Words)], false);

    public static int PopCount(ReadOnlySpan<ulong> set)
    {
        int count = 0;
        foreach (ulong word in set)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }
}
