using System.Buffers;
using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>The inputs of one run as ONNX values over the tensors' own memory, which stays pinned until disposed.</summary>
internal sealed class BoundInputs : IDisposable
{
    private readonly OrtValue[] _values;
    private readonly MemoryHandle[] _pins;
    private List<byte[]>? _copies;

    private BoundInputs(int count)
    {
        _values = new OrtValue[count];
        _pins = new MemoryHandle[count];
    }

    public OrtValue[] Values => _values;

    public static BoundInputs Bind(IReadOnlyList<Tensor> given, IReadOnlyList<TensorMetadata> expected)
    {
        Tensor[] inputs = GraphInputs.Match(given, expected);
        var bound = new BoundInputs(inputs.Length);
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                bound._values[i] = bound.Bind(inputs[i], i);
            }

            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (OrtValue? value in _values)
        {
            value?.Dispose();
        }

        foreach (MemoryHandle pin in _pins)
        {
            pin.Dispose();
        }

        if (_copies is { } copies)
        {
            _copies = null;
            foreach (byte[] copy in copies)
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }
    }

    private unsafe OrtValue Bind(Tensor tensor, int index)
    {
        long[] shape = tensor.Shape.ToArray();
        if (tensor.Datatype == Datatype.BYTES)
        {
            return BindStrings(tensor, shape);
        }

        var type = ElementTypes.ToElementType(tensor.Datatype);
        if (tensor.Count == 0)
        {
            return OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        }

        _pins[index] = tensor.Data.Pin();
        if (!IsUsable(tensor, (nuint)_pins[index].Pointer))
        {
            _pins[index].Dispose();
            _pins[index] = Copy(tensor).Pin();
        }

        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, type, shape, (nint)_pins[index].Pointer, tensor.Data.Length);
    }

    /// <summary>
    /// Whether native code may read the bytes where they are: inside a message they can begin anywhere, and its booleans
    /// can be any byte, where C++ knows only 0 and 1.
    /// </summary>
    private static bool IsUsable(Tensor tensor, nuint address) =>
        tensor.Datatype == Datatype.BOOL
            ? !tensor.Data.Span.ContainsAnyExceptInRange((byte)0, (byte)1)
            : address % (nuint)ElementTypes.Size(tensor.Datatype) == 0;

    private Memory<byte> Copy(Tensor tensor)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(tensor.Data.Length);
        (_copies ??= []).Add(array);
        Memory<byte> copy = array.AsMemory(0, tensor.Data.Length);
        tensor.Data.CopyTo(copy);
        if (tensor.Datatype == Datatype.BOOL)
        {
            foreach (ref byte value in copy.Span)
            {
                value = value == 0 ? (byte)0 : (byte)1;
            }
        }

        return copy;
    }

    private static OrtValue BindStrings(Tensor tensor, long[] shape)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        try
        {
            ReadOnlySpan<byte> data = tensor.Data.Span;
            for (int i = 0; i < tensor.Count; i++)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(data);
                value.StringTensorSetElementAt(data.Slice(4, length), i);
                data = data[(4 + length)..];
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }
}
