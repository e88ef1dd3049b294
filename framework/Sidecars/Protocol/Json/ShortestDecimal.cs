using System.Runtime.CompilerServices;

namespace Sidecars.Protocol;

/// <summary>
/// The shortest decimal that reads back as the same binary number, and of those the closest to it. Schubfach, after
/// R. Giulietti, "The Schubfach way to render doubles" (2020); names as in the paper: v = c·2^q is the number,
/// u = s·10^k and w = (s+1)·10^k are its neighbours on the decimal grid no wider than the rounding interval, u' and w'
/// those on the grid ten times as wide. Values are scaled by four so that the interval's ends are integers.
/// </summary>
internal static class ShortestDecimal
{
    /// <summary>
    /// The digits of a double c·2^q, as an integer below 10^17 that may end in zeros, to be multiplied by 10^k.
    /// </summary>
    /// <param name="c">The significand, with its leading one; not 0.</param>
    /// <param name="q">The exponent of the significand's last bit.</param>
    /// <param name="irregular">Whether the number is a power of two, so that its lower neighbour is closer.</param>
    /// <param name="k">The exponent of the last digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Compute(ulong c, int q, bool irregular, out int k)
    {
        k = FloorLog10(q, irregular);
        int h = q + PowersOfTen.FloorLog2(-k) + 1;
        ref readonly PowersOfTen.Significand power = ref PowersOfTen.Get(-k);
        ulong high = power.High;
        ulong low = power.Low + 1;

        ulong cb = 4 * c;
        ulong vbl = RoundToOdd(high, low, (cb - (irregular ? 1UL : 2UL)) << h);
        ulong vb = RoundToOdd(high, low, cb << h);
        ulong vbr = RoundToOdd(high, low, (cb + 2) << h);

        // The interval includes its ends only for even c, as reading rounds ties to even.
        ulong odd = c & 1;
        return Choose(vbl + odd, vb, vbr - odd);
    }

    /// <summary>The same for a float; the digits stay below 10^9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Compute(uint c, int q, bool irregular, out int k)
    {
        k = FloorLog10(q, irregular);
        int h = q + PowersOfTen.FloorLog2(-k) + 1;
        ulong power = PowersOfTen.Get(-k).High + 1;

        uint cb = 4 * c;
        ulong vbl = RoundToOdd(power, (cb - (irregular ? 1u : 2u)) << h);
        ulong vb = RoundToOdd(power, cb << h);
        ulong vbr = RoundToOdd(power, (cb + 2) << h);

        uint odd = c & 1;
        return (uint)Choose(vbl + odd, vb, vbr - odd);
    }

    // All comparisons are made, and none is branched on: which of them hold is as good as random from number to number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Choose(ulong lower, ulong vb, ulong upper)
    {
        // Of u' and w' at most one lies inside, as their grid is wider than the interval. If one does it is the answer
        // (unless s has one digit only, so that u' and w' are no shorter).
        ulong s = vb / 4;
        ulong tenth = s / 10;
        ulong upInside = lower <= 40 * tenth ? 1UL : 0UL;
        ulong wpInside = 40 * tenth + 40 <= upper ? 1UL : 0UL;
        ulong shorter = (upInside ^ wpInside) & (s >= 10 ? 1UL : 0UL);

        // Otherwise u or w: whichever is inside, or when both are, the closer one, and the even one of two as close.
        ulong uInside = lower <= 4 * s ? 1UL : 0UL;
        ulong wInside = 4 * s + 4 <= upper ? 1UL : 0UL;
        ulong wCloser = vb + (s & 1) > 4 * s + 2 ? 1UL : 0UL;
        ulong w = uInside != wInside ? wInside : wCloser;

        return shorter != 0 ? 10 * (tenth + wpInside) : s + w;
    }

    /// <summary>⌊g·cp / 2^128⌋ with the lowest bit set when anything was cut off; g is the power rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd(ulong powerHigh, ulong powerLow, ulong cp)
    {
        ulong carried = WideProduct.High(powerLow, cp);
        ulong low = powerHigh * cp + carried;
        ulong high = WideProduct.High(powerHigh, cp) + (low < carried ? 1UL : 0UL);

        // A remainder of one unit is the error of g, not of the number (the paper's section 9.10).
        return high | (low > 1 ? 1UL : 0UL);
    }

    /// <summary>The same for a float, where 64 bits of the power suffice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd(ulong power, uint cp)
    {
        // Shifted so that the upper half of the product holds the result and the 32 bits after it.
        ulong product = WideProduct.High(power, (ulong)cp << 32);
        return product >> 32 | ((uint)product > 1 ? 1UL : 0UL);
    }

    /// <summary>⌊log10 2^q⌋, or ⌊log10 (¾·2^q)⌋ for the shortened interval; exact for |q| ≤ 1500.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FloorLog10(int q, bool irregular) => (q * 1262611 - (irregular ? 524031 : 0)) >> 22;
}
