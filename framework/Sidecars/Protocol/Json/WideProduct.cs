using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sidecars.Protocol;

/// <summary>
/// The upper half of a 64 by 64 bit product, as one instruction where there is one. Math.BigMul passes the lower half
/// through memory, which costs more than the product.
/// </summary>
internal static class WideProduct
{
    /// <summary>⌊a·b / 2^64⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong High(ulong a, ulong b)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.MultiplyNoFlags(a, b);
        }

        return ArmBase.Arm64.IsSupported ? ArmBase.Arm64.MultiplyHigh(a, b) : Math.BigMul(a, b, out _);
    }
}
