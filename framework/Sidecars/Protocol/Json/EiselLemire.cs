using System.Numerics;

namespace Sidecars.Protocol;

/// <summary>
/// The double nearest to w·10^q from one 128-bit product: D. Lemire, "Number parsing at a gigabyte per second" (2021),
/// algorithm 1. It declines where the paper needs special care (exact ties, subnormals, a product too close to a
/// boundary), all of them rare, so that those go the exact way.
/// </summary>
internal static class EiselLemire
{
    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;
    private const int InfiniteExponent = 0x7FF;
    private const int MaxDecimalExponent = 308;

    /// <summary>Converts w·10^q, w not 0. False when this way cannot tell; true gives a finite double, or infinity.</summary>
    internal static bool TryConvert(ulong w, int q, out double value)
    {
        value = 0;
        if (q < PowersOfTen.MinExponent)
        {
            return true;
        }

        if (q > MaxDecimalExponent)
        {
            value = double.PositiveInfinity;
            return true;
        }

        int shift = BitOperations.LeadingZeroCount(w);
        w <<= shift;

        // The leading 64 bits of the power decide, unless all the bits below the ones wanted are set and a carry from
        // the power's other half could run through them.
        ref readonly PowersOfTen.Significand power = ref PowersOfTen.Get(q);
        ulong high = WideProduct.High(w, power.High);
        ulong low = w * power.High;
        const ulong Below = ulong.MaxValue >> (MantissaBits + 3);
        if ((high & Below) == Below)
        {
            ulong carried = WideProduct.High(w, power.Low + (q < 0 ? 1UL : 0UL));
            low += carried;
            high += low < carried ? 1UL : 0UL;
            if (low == ulong.MaxValue)
            {
                return false;
            }
        }

        // 54 bits: the mantissa and the one that rounds it.
        int top = (int)(high >> 63);
        int cut = top + 64 - MantissaBits - 3;
        ulong mantissa = high >> cut;
        int exponent = PowersOfTen.FloorLog2(q) + 63 + top - shift + ExponentBias;
        bool maybeTie = low <= 1 && (mantissa & 1) != 0 && mantissa << cut == high;
        if (exponent <= 0 || maybeTie)
        {
            return false;
        }

        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >> (MantissaBits + 1) != 0)
        {
            mantissa >>= 1;
            exponent++;
        }

        value = exponent >= InfiniteExponent
            ? double.PositiveInfinity
            : BitConverter.UInt64BitsToDouble((mantissa & ((1UL << MantissaBits) - 1)) | (ulong)exponent << MantissaBits);
        return true;
    }
}
