using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>Copies the numbers of a tensor into another number type.</summary>
internal static class ElementConversion
{
    public static void Copy<T>(Tensor tensor, Span<T> to) where T : unmanaged, INumberBase<T>
    {
        switch (tensor.Datatype)
        {
            case Datatype.BOOL or Datatype.UINT8: Convert<byte, T>(tensor, to); break;
            case Datatype.UINT16: Convert<ushort, T>(tensor, to); break;
            case Datatype.UINT32: Convert<uint, T>(tensor, to); break;
            case Datatype.UINT64: Convert<ulong, T>(tensor, to); break;
            case Datatype.INT8: Convert<sbyte, T>(tensor, to); break;
            case Datatype.INT16: Convert<short, T>(tensor, to); break;
            case Datatype.INT32: Convert<int, T>(tensor, to); break;
            case Datatype.INT64: Convert<long, T>(tensor, to); break;
            case Datatype.FP16: Convert<Half, T>(tensor, to); break;
            case Datatype.FP32: Convert<float, T>(tensor, to); break;
            case Datatype.FP64: Convert<double, T>(tensor, to); break;
            case Datatype.BF16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(tensor.Data.Span);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)halves[i] << 16));
                }

                break;
            default:
                throw InferenceException.InvalidInput($"tensor '{tensor.Name}' has datatype BYTES, expected numbers");
        }
    }

    private static void Convert<TFrom, T>(Tensor tensor, Span<T> to)
        where TFrom : unmanaged, INumberBase<TFrom> where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(tensor.Data.Span);
        if (typeof(TFrom) == typeof(T))
        {
            MemoryMarshal.Cast<TFrom, T>(from).CopyTo(to);
            return;
        }

        for (int i = 0; i < to.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }
}
