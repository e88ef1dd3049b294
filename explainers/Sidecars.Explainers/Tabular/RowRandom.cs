using System.Numerics;

namespace Sidecars.Explainers.Tabular;

/// <summary>
/// xoshiro256** (Blackman &amp; Vigna 2021), as a value in place so that drawing rows costs a few instructions. What it
/// gives depends on its seed and the row alone.
/// </summary>
internal struct RowRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts from a seed and the content of a row.</summary>
    public RowRandom(ulong seed, ReadOnlySpan<float> row)
    {
        ulong state = seed;
        foreach (float value in row)
        {
            state = SplitMix(ref state) ^ BitConverter.SingleToUInt32Bits(value);
        }

        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>A whole number from 0 to below <paramref name="count"/>; the bias is below count / 2^64.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>A number from 0 to below 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
