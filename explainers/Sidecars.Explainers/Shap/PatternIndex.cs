using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidecars.Explainers.Shap;

/// <summary>Finds for many rows at once which players of a path they satisfy: bit k for the k-th.</summary>
internal static class PatternIndex
{
    /// <summary>Fills the patterns of a block's rows.</summary>
    /// <param name="tests">The path's tests.</param>
    /// <param name="simple">Whether each test is a player's only one.</param>
    /// <param name="block">The rows.</param>
    /// <param name="patterns">Where the patterns go, [<see cref="KeyBlock.Stride"/>].</param>
    public static void Fill(ReadOnlySpan<KeyTest> tests, bool simple, KeyBlock block, Span<int> patterns)
    {
        ref int keys = ref MemoryMarshal.GetArrayDataReference(block.Keys);
        ref int target = ref MemoryMarshal.GetReference(patterns[..block.Stride]);
        for (int row = 0; row < block.Stride; row += KeyBlock.Lanes)
        {
            Vector256<int> pattern = simple
                ? Simple(tests, ref Unsafe.Add(ref keys, row), block.Stride)
                : General(tests, ref Unsafe.Add(ref keys, row), block.Stride);
            pattern.StoreUnsafe(ref Unsafe.Add(ref target, row));
        }
    }

    private static Vector256<int> Simple(ReadOnlySpan<KeyTest> tests, ref int keys, int stride)
    {
        Vector256<int> pattern = Vector256<int>.Zero, bit = Vector256<int>.One;
        foreach (ref readonly KeyTest test in tests)
        {
            pattern |= Inside(in test, ref keys, stride) & bit;
            bit += bit;
        }

        return pattern;
    }

    private static Vector256<int> General(ReadOnlySpan<KeyTest> tests, ref int keys, int stride)
    {
        Vector256<int> pattern = Vector256<int>.Zero, bit = Vector256<int>.One;
        Vector256<int> feature = Vector256<int>.Zero, player = Vector256<int>.AllBitsSet;
        foreach (ref readonly KeyTest test in tests)
        {
            feature |= Inside(in test, ref keys, stride);
            if (test.End == 0)
            {
                continue;
            }

            player &= feature;
            feature = Vector256<int>.Zero;
            if ((test.End & KeyTest.EndOfPlayer) != 0)
            {
                pattern |= player & bit;
                bit += bit;
                player = Vector256<int>.AllBitsSet;
            }
        }

        return pattern;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Inside(in KeyTest test, ref int keys, int stride)
    {
        Vector256<int> key = Vector256.LoadUnsafe(ref Unsafe.Add(ref keys, (nint)test.Column * stride));
        return Vector256.LessThanOrEqual((key - Vector256.Create(test.Low)).AsUInt32(), Vector256.Create(test.Width)).AsInt32();
    }
}
