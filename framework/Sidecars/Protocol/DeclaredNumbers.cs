using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// Brings numbers that came as V1 JSON, or were made of them, to the datatypes a model declares. JSON has one kind of
/// number; which datatype it became on the way was a default, not the caller's wish.
/// </summary>
internal static class DeclaredNumbers
{
    public static IReadOnlyList<Tensor> Convert(IReadOnlyList<Tensor> inputs, IReadOnlyList<TensorMetadata> declared)
    {
        Tensor[]? converted = null;
        for (int i = 0; i < inputs.Count; i++)
        {
            Tensor input = inputs[i];
            TensorMetadata? wanted = inputs.Count == 1 && declared.Count == 1 ? declared[0] : Find(declared, input.Name);
            if (wanted is not null && wanted.Datatype != input.Datatype && IsNumber(input.Datatype) && IsNumber(wanted.Datatype))
            {
                converted ??= [.. inputs];
                converted[i] = Convert(input, wanted.Datatype);
            }
        }

        return converted ?? inputs;
    }

    private static bool IsNumber(Datatype datatype) => datatype is not (Datatype.BYTES or Datatype.BOOL);

    private static TensorMetadata? Find(IReadOnlyList<TensorMetadata> declared, string name)
    {
        foreach (TensorMetadata each in declared)
        {
            if (each.Name == name)
            {
                return each;
            }
        }

        return null;
    }

    private static Tensor Convert(Tensor tensor, Datatype to) => to switch
    {
        Datatype.FP32 => Over(tensor, tensor.ToArray<float>()),
        Datatype.FP64 => Over(tensor, tensor.ToArray<double>()),
        Datatype.FP16 => Over(tensor, tensor.ToArray<Half>()),
        Datatype.BF16 => BrainFloats(tensor),
        Datatype.UINT8 => Over(tensor, Whole<byte>(tensor, to)),
        Datatype.UINT16 => Over(tensor, Whole<ushort>(tensor, to)),
        Datatype.UINT32 => Over(tensor, Whole<uint>(tensor, to)),
        Datatype.UINT64 => Over(tensor, Whole<ulong>(tensor, to)),
        Datatype.INT8 => Over(tensor, Whole<sbyte>(tensor, to)),
        Datatype.INT16 => Over(tensor, Whole<short>(tensor, to)),
        Datatype.INT32 => Over(tensor, Whole<int>(tensor, to)),
        _ => Over(tensor, Whole<long>(tensor, to)),
    };

    private static Tensor Over<T>(Tensor tensor, T[] data) where T : unmanaged =>
        new(tensor.Name, DatatypeFacts.Of<T>(), tensor.Dimensions, new ArrayMemory<T>(data).Memory, tensor.Parameters);

    private static Tensor BrainFloats(Tensor tensor)
    {
        float[] singles = tensor.ToArray<float>();
        byte[] data = new byte[singles.Length * 2];
        Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(data.AsSpan());
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = (ushort)(BitConverter.SingleToUInt32Bits(singles[i]) >> 16);
        }

        return new Tensor(tensor.Name, Datatype.BF16, tensor.Dimensions, data, tensor.Parameters);
    }

    /// <summary>Numbers for an integer datatype must be whole and within its range: nothing is rounded silently.</summary>
    private static T[] Whole<T>(Tensor tensor, Datatype to) where T : unmanaged, IBinaryInteger<T>
    {
        double[]? values = tensor.Datatype is Datatype.FP16 or Datatype.FP32 or Datatype.FP64 or Datatype.BF16
            ? tensor.ToArray<double>()
            : null;
        Int128[] wide = values is null ? tensor.ToArray<Int128>() : new Int128[values.Length];
        T[] whole = new T[wide.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            if (values is not null)
            {
                wide[i] = Int128.CreateSaturating(values[i]);
                Require((double)wide[i] == values[i], tensor, i, to);
            }

            whole[i] = T.CreateTruncating(wide[i]);
            Require(Int128.CreateTruncating(whole[i]) == wide[i], tensor, i, to);
        }

        return whole;
    }

    private static void Require(bool fits, Tensor tensor, int index, Datatype to)
    {
        if (!fits)
        {
            throw InferenceException.InvalidInput($"input '{tensor.Name}': element {index} is no {to.Name()}");
        }
    }
}
