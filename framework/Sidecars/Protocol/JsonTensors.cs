using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Sidecars.Protocol;

/// <summary>The elements of tensors as JSON: flat or nested lists in, flat lists out.</summary>
internal static class JsonTensors
{
    /// <summary>Elements read from JSON, in wire form.</summary>
    public readonly record struct Data(bool IsRead, Memory<byte> Bytes);

    /// <summary>Reads the list that the cursor stands on. The memory belongs to the message.</summary>
    public static Data Read(
        InferMessage message, ref JsonCursor cursor, string role, string name, Datatype datatype, long[] shape)
    {
        int count = Shapes.CheckedCount(role, name, shape);
        if (datatype.IsRawOnly() && count > 0)
        {
            string doing = message.Form == WireForm.V2Binary ? "Receiving" : "Sending";
            throw InferenceException.InvalidInput(
                $"{doing} {datatype.Name()} data via JSON is not supported. Please use the binary data format for {role} {name}");
        }

        Span<int> dimensions = stackalloc int[Shapes.MaxRank];
        (Memory<byte> bytes, int found) = ReadElements(message, ref cursor, role, name, datatype, count, dimensions, out _);
        if (found != count)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{name}' has shape [{Shapes.Text(shape)}] of {count} elements, its data has {found}");
        }

        return new Data(true, bytes);
    }

    /// <summary>Reads the elements of a list, and how it is nested. The memory belongs to the message.</summary>
    /// <param name="message">Whose text this is.</param>
    /// <param name="cursor">Stands on the list; moves behind it.</param>
    /// <param name="role">Input or output, for errors.</param>
    /// <param name="name">The tensor's name, for errors.</param>
    /// <param name="datatype">What to read the elements as.</param>
    /// <param name="expected">How many are expected, if that is known: spares growing; -1 if not.</param>
    /// <param name="dimensions">Receives the lengths of the nested lists.</param>
    /// <param name="rank">How many there are.</param>
    public static (Memory<byte> Bytes, int Count) ReadElements(
        InferMessage message, ref JsonCursor cursor, string role, string name, Datatype datatype, int expected,
        scoped Span<int> dimensions, out int rank)
    {
        // No more is reserved than the text can hold, whatever the shape claims; and little where none does, for there may be
        // as many lists as bytes.
        int most = (cursor.Json.Length - cursor.Position + 1) / 2;
        int capacity = Math.Max(Math.Min(expected < 0 ? 64 : expected, most), 1);
        switch (datatype)
        {
            case Datatype.FP32 when TryReadNumbers<float>(message, ref cursor, capacity, dimensions, out rank, out var read): return read;
            case Datatype.FP64 when TryReadNumbers<double>(message, ref cursor, capacity, dimensions, out rank, out var read): return read;
            case Datatype.INT64 when TryReadNumbers<long>(message, ref cursor, capacity, dimensions, out rank, out var read): return read;
            case Datatype.INT32 when TryReadNumbers<int>(message, ref cursor, capacity, dimensions, out rank, out var read): return read;
            case Datatype.UINT8 when TryReadNumbers<byte>(message, ref cursor, capacity, dimensions, out rank, out var read): return read;
        }

        // What is rarer, or not in order, is read with more care: it knows null, and says what is wrong.
        PooledBuffer to = message.Own(new PooledBuffer(capacity * Math.Max(datatype.Size(), 8)));
        int found = new JsonArrayReader(role, name, datatype, message.MaxDepth).Read(ref cursor, to, dimensions, out rank);
        return (to.WrittenMemory, found);
    }

    private static bool TryReadNumbers<T>(
        InferMessage message, ref JsonCursor cursor, int capacity, scoped Span<int> dimensions, out int rank, out (Memory<byte>, int) read)
        where T : unmanaged, INumberBase<T>
    {
        cursor.Peek();
        var values = new PooledList<T>(capacity);
        ArrayResult result = NumericArrayReader.Read(cursor.Json, ref cursor.Position, ref values, dimensions, out rank);
        if (result.Error != ArrayError.None)
        {
            values.Dispose();
            read = default;
            return false;
        }

        (T[] array, int count) = values.Detach();
        message.Own(new RentedArray<T>(array));
        read = (new ArrayMemory<T>(array).Memory[..(count * Unsafe.SizeOf<T>())], count);
        return true;
    }

    /// <summary>Whether JSON can carry the elements: raw-only datatypes and bytes that are no text cannot.</summary>
    public static bool HasJsonForm(Tensor tensor) => tensor.Datatype switch
    {
        Datatype.FP16 or Datatype.BF16 => tensor.Count == 0,
        Datatype.BYTES => Array.TrueForAll(tensor.ReadBytes(), static e => Utf8.IsValid(e.Span)),
        _ => true,
    };

    /// <summary>Writes all elements, separated by commas.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="widen">Write FP32 as the doubles they are, as KServe's answers do, not as the shortest float.</param>
    public static void WriteData(PooledBuffer to, Tensor tensor, string name, bool widen)
    {
        if (tensor.Datatype.IsRawOnly() && tensor.Count > 0)
        {
            throw InferenceException.InvalidInput(
                $"Sending {tensor.Datatype.Name()} data via JSON is not supported. Please use the binary data format for output {name}");
        }

        int bytesAt = 0;
        WriteRun(to, tensor, 0, tensor.Count, ref bytesAt, widen, v1: false);
    }

    /// <summary>Writes a run of elements, separated by commas.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    /// <param name="bytesAt">Of BYTES: where the first element starts; moves behind the last.</param>
    /// <param name="widen">Write FP32 as doubles.</param>
    /// <param name="v1">Use V1's forms: raw-only numbers as numbers, bytes that are no text as {"b64": …}.</param>
    public static void WriteRun(
        PooledBuffer to, Tensor tensor, int start, int count, ref int bytesAt, bool widen, bool v1)
    {
        switch (tensor.Datatype)
        {
            case Datatype.FP32:
                ReadOnlySpan<float> singles = Slice<float>(tensor, start, count);
                if (widen)
                {
                    NumericArrayWriter.WriteWidened(singles, to);
                }
                else
                {
                    NumericArrayWriter.Write(singles, to);
                }

                break;
            case Datatype.FP64: NumericArrayWriter.Write(Slice<double>(tensor, start, count), to); break;
            case Datatype.UINT8: WriteUnsigned(to, Slice<byte>(tensor, start, count)); break;
            case Datatype.UINT16: WriteUnsigned(to, Slice<ushort>(tensor, start, count)); break;
            case Datatype.UINT32: WriteUnsigned(to, Slice<uint>(tensor, start, count)); break;
            case Datatype.UINT64: WriteUnsigned(to, Slice<ulong>(tensor, start, count)); break;
            case Datatype.INT8: WriteSigned(to, Slice<sbyte>(tensor, start, count)); break;
            case Datatype.INT16: WriteSigned(to, Slice<short>(tensor, start, count)); break;
            case Datatype.INT32: WriteSigned(to, Slice<int>(tensor, start, count)); break;
            case Datatype.INT64: WriteSigned(to, Slice<long>(tensor, start, count)); break;
            case Datatype.BOOL: WriteBooleans(to, Slice<byte>(tensor, start, count)); break;
            case Datatype.BYTES: WriteBytes(to, tensor, count, ref bytesAt, v1); break;
            default: NumericArrayWriter.Write(tensor.ToArray<float>().AsSpan(start, count), to); break;
        }
    }

    public static int EstimateSize(IReadOnlyList<Tensor> tensors)
    {
        long size = 256;
        foreach (Tensor tensor in tensors)
        {
            size += tensor.Datatype == Datatype.BYTES ? tensor.Data.Length : tensor.Count * 10L;
        }

        return (int)Math.Min(size, 1 << 24);
    }

    private static ReadOnlySpan<T> Slice<T>(Tensor tensor, int start, int count) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(tensor.Data.Span).Slice(start, count);

    private static void WriteSigned<T>(PooledBuffer to, ReadOnlySpan<T> values) where T : IBinaryInteger<T>
    {
        bool first = true;
        foreach (T value in values)
        {
            JsonText.Separate(to, ref first);
            JsonText.WriteInteger(to, long.CreateTruncating(value));
        }
    }

    private static void WriteUnsigned<T>(PooledBuffer to, ReadOnlySpan<T> values) where T : IBinaryInteger<T>
    {
        bool first = true;
        foreach (T value in values)
        {
            JsonText.Separate(to, ref first);
            JsonText.WriteInteger(to, ulong.CreateTruncating(value));
        }
    }

    private static void WriteBooleans(PooledBuffer to, ReadOnlySpan<byte> values)
    {
        bool first = true;
        foreach (byte value in values)
        {
            JsonText.Separate(to, ref first);
            to.Write(value != 0 ? "true"u8 : "false"u8);
        }
    }

    private static void WriteBytes(PooledBuffer to, Tensor tensor, int count, ref int bytesAt, bool v1)
    {
        bool json = v1 && IsJson(tensor);
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                to.Write((byte)',');
            }

            ReadOnlyMemory<byte> element = BytesElements.Next(tensor.Data, ref bytesAt);
            if (json)
            {
                using System.Text.Json.JsonDocument document = JsonParsing.Parse(element, 64);
                JsonText.WriteElement(to, document.RootElement);
            }
            else if (Utf8.IsValid(element.Span))
            {
                JsonText.WriteString(to, element.Span);
            }
            else if (v1)
            {
                to.Write("{\"b64\":\""u8);
                Span<byte> room = to.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(element.Length));
                System.Buffers.Text.Base64.EncodeToUtf8(element.Span, room, out _, out int written);
                to.Advance(written);
                to.Write("\"}"u8);
            }
            else
            {
                throw InferenceException.InvalidInput(
                    $"'{tensor.Name}' holds bytes that are not UTF-8 text, which JSON cannot carry. Please ask for it with binary_data=true");
            }
        }
    }

    /// <summary>Whether the elements of a BYTES tensor are JSON texts: V1 values that no tensor could hold.</summary>
    private static bool IsJson(Tensor tensor) =>
        tensor.Parameters is not null
        && tensor.Parameters.TryGetValue("content_type", out object? type) && type is string text && MediaTypes.IsJson(text);
}
