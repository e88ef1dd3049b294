using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>Copies what a run gave out into memory of ours: the runtime's own goes away with the run.</summary>
internal static class OutputReader
{
    public static Tensor Read(string name, OutputKind kind, OrtValue value, PooledOutputs? memory) =>
        kind == OutputKind.ScoreMaps ? ReadScoreMaps(name, value, memory) : ReadTensor(name, value, memory);

    private static Tensor ReadTensor(string name, OrtValue value, PooledOutputs? memory)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.IsString)
        {
            return ReadStrings(name, value, info, memory);
        }

        Datatype datatype = ElementTypes.ToDatatype(info.ElementDataType)
            ?? throw InferenceException.InferenceError($"output '{name}' has elements of type {info.ElementDataType}, which no datatype holds");
        long size = info.ElementCount * ElementTypes.Size(datatype);
        if (size > Array.MaxLength)
        {
            throw InferenceException.InferenceError($"output '{name}' has {size} bytes, more than one payload can carry");
        }

        Memory<byte> data = Allocate((int)size, memory);
        if (data.Length > 0)
        {
            value.GetTensorMutableRawData().CopyTo(data.Span);
        }

        return Tensor.FromRaw(name, datatype, data, info.Shape);
    }

    private static Tensor ReadStrings(string name, OrtValue value, OrtTensorTypeAndShapeInfo info, PooledOutputs? memory)
    {
        int count = (int)info.ElementCount, size = 0;
        for (int i = 0; i < count; i++)
        {
            size = checked(size + 4 + value.GetStringElementAsSpan(i).Length);
        }

        Memory<byte> data = Allocate(size, memory);
        Span<byte> to = data.Span;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(to, element.Length);
            element.CopyTo(to[4..]);
            to = to[(4 + element.Length)..];
        }

        return Tensor.FromRaw(name, Datatype.BYTES, data, info.Shape);
    }

    /// <summary>
    /// One row for each map, its scores in the order of the keys, which a map keeps ascending. Every row has the same keys:
    /// they are the classes the model was made with.
    /// </summary>
    private static Tensor ReadScoreMaps(string name, OrtValue value, PooledOutputs? memory)
    {
        int rows = value.GetValueCount(), columns = 0;
        Memory<byte> data = default;
        for (int row = 0; row < rows; row++)
        {
            using OrtValue map = value.GetValue(row, OrtAllocator.DefaultInstance);
            using OrtValue scores = map.GetValue(1, OrtAllocator.DefaultInstance);
            ReadOnlySpan<float> from = scores.GetTensorDataAsSpan<float>();
            if (row == 0)
            {
                columns = from.Length;
                data = Allocate(checked(rows * columns * sizeof(float)), memory);
            }
            else if (from.Length != columns)
            {
                throw InferenceException.InferenceError($"output '{name}': row {row} has {from.Length} classes, row 0 has {columns}");
            }

            MemoryMarshal.AsBytes(from).CopyTo(data.Span[(row * columns * sizeof(float))..]);
        }

        return Tensor.FromRaw(name, Datatype.FP32, data, rows, columns);
    }

    private static Memory<byte> Allocate(int size, PooledOutputs? memory) =>
        memory?.Rent(size) ?? GC.AllocateUninitializedArray<byte>(size);
}
