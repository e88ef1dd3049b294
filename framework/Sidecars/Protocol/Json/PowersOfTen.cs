using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// The powers of ten that number printing and parsing multiply by, each as the floor of its leading 128 bits:
/// 10^q = (High·2^64 + Low + ε) · 2^(⌊log2 10^q⌋ − 127), with 0 ≤ ε &lt; 1. Computed once, at first use: exact integer
/// arithmetic over 667 entries costs less than a millisecond, and the reader need not trust a page of constants.
/// </summary>
internal static class PowersOfTen
{
    /// <summary>The smallest exponent for which a 19-digit integer times 10^q can reach the smallest double.</summary>
    internal const int MinExponent = -342;

    /// <summary>The largest exponent: printing the smallest double multiplies by 10^324.</summary>
    internal const int MaxExponent = 324;

    private static readonly Significand[] Table = Build();

    /// <summary>The leading 128 bits of 10^<paramref name="exponent"/>, which must lie within the two limits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref readonly Significand Get(int exponent) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Table), exponent - MinExponent);

    /// <summary>⌊log2 10^e⌋, for |e| ≤ 1233.</summary>
    internal static int FloorLog2(int exponent) => (exponent * 1741647) >> 19;

    private static Significand[] Build()
    {
        var table = new Significand[MaxExponent - MinExponent + 1];

        // 10^q and 5^q have the same leading bits; only the binary exponent differs.
        BigInteger power = BigInteger.One;
        for (int q = 0; q <= MaxExponent; q++, power *= 5)
        {
            int excess = (int)power.GetBitLength() - 128;
            table[q - MinExponent] = Split(excess > 0 ? power >> excess : power << -excess);
        }

        power = 5;
        for (int q = -1; q >= MinExponent; q--, power *= 5)
        {
            int bits = (int)power.GetBitLength();
            table[q - MinExponent] = Split((BigInteger.One << (bits + 127)) / power);
        }

        return table;
    }

    private static Significand Split(BigInteger value)
    {
        var bits = (UInt128)value;
        return new Significand((ulong)(bits >> 64), (ulong)bits);
    }

    /// <summary>128 bits, the top one set.</summary>
    internal readonly record struct Significand(ulong High, ulong Low);
}
