using System.Buffers.Binary;

namespace Sidecars.Protocol;

/// <summary>Reads a JSON list, flat or evenly nested, into the wire form of a tensor's elements.</summary>
internal readonly ref struct JsonArrayReader(string role, string name, Datatype datatype, int maxDepth)
{
    /// <summary>Reads the list the cursor stands on, and returns how many elements it had.</summary>
    /// <param name="cursor">Moves behind the list.</param>
    /// <param name="to">Receives the elements.</param>
    /// <param name="dimensions">Receives the lengths of the nested lists, as many as fit.</param>
    /// <param name="rank">How many there are.</param>
    public int Read(ref JsonCursor cursor, PooledBuffer to, scoped Span<int> dimensions, out int rank)
    {
        Span<int> lengths = stackalloc int[Shapes.MaxRank];
        Span<int> expected = stackalloc int[Shapes.MaxRank];
        expected.Fill(-1);
        int depth = 0, elements = 0, elementDepth = -1;
        int limit = Math.Min(maxDepth, Shapes.MaxRank);
        while (true)
        {
            // A value is due here: the start of a list or an element.
            byte next = cursor.Peek();
            if (next == (byte)'[')
            {
                if (depth == limit)
                {
                    throw Wrong(elements, $"is nested more than {limit} levels deep");
                }

                if (depth == elementDepth)
                {
                    throw Ragged();
                }

                cursor.Position++;
                lengths[depth++] = 0;
                if (cursor.TryTake((byte)']'))
                {
                    if (elementDepth > depth)
                    {
                        throw Ragged();
                    }

                    if (elementDepth < 0)
                    {
                        elementDepth = depth;
                    }

                    Close(lengths, expected, ref depth);
                }
                else
                {
                    continue;
                }
            }
            else
            {
                if (elementDepth < 0)
                {
                    elementDepth = depth;
                }
                else if (elementDepth != depth)
                {
                    throw Ragged();
                }

                ReadElement(ref cursor, to, elements);
                elements++;
                lengths[depth - 1]++;
            }

            // After a value: a comma, or the end of one or more lists.
            while (depth > 0 && cursor.Peek() == (byte)']')
            {
                cursor.Position++;
                Close(lengths, expected, ref depth);
            }

            if (depth == 0)
            {
                break;
            }

            cursor.Take((byte)',');
        }

        rank = elementDepth;
        for (int i = 0; i < rank && i < dimensions.Length; i++)
        {
            dimensions[i] = Math.Max(expected[i], 0);
        }

        return elements;
    }

    private void Close(Span<int> lengths, Span<int> expected, ref int depth)
    {
        depth--;
        if (expected[depth] >= 0 && expected[depth] != lengths[depth])
        {
            throw Ragged();
        }

        expected[depth] = lengths[depth];
        if (depth > 0)
        {
            lengths[depth - 1]++;
        }
    }

    private void ReadElement(ref JsonCursor cursor, PooledBuffer to, int index)
    {
        switch (datatype)
        {
            case Datatype.FP32:
                Number(NumberReader.ReadSingle(cursor.Json, ref cursor.Position, out float single), ref cursor, ref single, float.NaN, index);
                BinaryPrimitives.WriteSingleLittleEndian(to.GetSpan(4), single);
                to.Advance(4);
                break;
            case Datatype.FP64:
                Number(NumberReader.ReadDouble(cursor.Json, ref cursor.Position, out double number), ref cursor, ref number, double.NaN, index);
                BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(8), number);
                to.Advance(8);
                break;
            case Datatype.UINT64:
                ulong unsigned = 0;
                Integer(NumberReader.ReadUInt64(cursor.Json, ref cursor.Position, out unsigned), ref cursor, index);
                BinaryPrimitives.WriteUInt64LittleEndian(to.GetSpan(8), unsigned);
                to.Advance(8);
                break;
            case Datatype.BOOL: to.Write(Boolean(ref cursor, index)); break;
            case Datatype.BYTES: Text(ref cursor, to, index); break;
            default:
                Integer(NumberReader.ReadInt64(cursor.Json, ref cursor.Position, out long signed), ref cursor, index);
                WriteInteger(to, signed, index);
                break;
        }
    }

    private void WriteInteger(PooledBuffer to, long value, int index)
    {
        (long low, long high) = datatype switch
        {
            Datatype.INT8 => (sbyte.MinValue, sbyte.MaxValue),
            Datatype.INT16 => (short.MinValue, short.MaxValue),
            Datatype.INT32 => (int.MinValue, int.MaxValue),
            Datatype.UINT8 => (0L, byte.MaxValue),
            Datatype.UINT16 => (0L, ushort.MaxValue),
            Datatype.UINT32 => (0L, uint.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (value < low || value > high)
        {
            throw Wrong(index, $"is out of range for {datatype.Name()}");
        }

        int size = datatype.Size();
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        to.Write(bytes[..size]);
    }

    /// <summary>Numbers are taken as they are; null stands for NaN, which JSON has no word for.</summary>
    private void Number<T>(NumberResult result, ref JsonCursor cursor, ref T value, T nan, int index)
    {
        if (result == NumberResult.Ok)
        {
            return;
        }

        if (result == NumberResult.NotANumber && cursor.TryReadNull())
        {
            value = nan;
            return;
        }

        throw NotOk(result, ref cursor, index);
    }

    private void Integer(NumberResult result, ref JsonCursor cursor, int index)
    {
        if (result != NumberResult.Ok)
        {
            throw NotOk(result, ref cursor, index);
        }
    }

    private byte Boolean(ref JsonCursor cursor, int index)
    {
        ReadOnlySpan<byte> rest = cursor.Json[cursor.Position..];
        if (rest.StartsWith("true"u8))
        {
            cursor.Position += 4;
            return 1;
        }

        if (rest.StartsWith("false"u8))
        {
            cursor.Position += 5;
            return 0;
        }

        NumberResult result = NumberReader.ReadDouble(cursor.Json, ref cursor.Position, out double number);
        return result == NumberResult.Ok ? (byte)(number != 0 ? 1 : 0) : throw NotOk(result, ref cursor, index);
    }

    private void Text(ref JsonCursor cursor, PooledBuffer to, int index)
    {
        if (cursor.Peek() == (byte)'"')
        {
            BytesElements.Append(to, cursor.ReadStringBytes());
            return;
        }

        // Numbers stand for their text, as KServe has it.
        int start = cursor.Position;
        NumberResult result = NumberReader.ReadDouble(cursor.Json, ref cursor.Position, out _);
        if (result != NumberResult.Ok)
        {
            throw NotOk(result, ref cursor, index);
        }

        BytesElements.Append(to, cursor.Json[start..cursor.Position]);
    }

    private InferenceException NotOk(NumberResult result, ref JsonCursor cursor, int index) => result switch
    {
        NumberResult.OutOfRange => Wrong(index, $"is out of range for {datatype.Name()}"),
        NumberResult.NotIntegral => Wrong(index, $"is not a whole number, as {datatype.Name()} needs"),
        _ when IsOtherValue(cursor) => Wrong(index, $"is not what {datatype.Name()} holds"),
        _ => cursor.Error($"expected an element of {role} '{name}'"),
    };

    /// <summary>Whether well-formed JSON of another kind stands here, rather than no JSON at all.</summary>
    private static bool IsOtherValue(JsonCursor cursor)
    {
        if (cursor.Peek() is not ((byte)'"' or (byte)'{' or (byte)'t' or (byte)'f' or (byte)'n'))
        {
            return false;
        }

        cursor.SkipValue();
        return true;
    }

    private InferenceException Wrong(int index, string what) =>
        InferenceException.InvalidInput($"{role} '{name}': element {index} {what}");

    private InferenceException Ragged() =>
        InferenceException.InvalidInput($"{role} '{name}': the nested lists differ in length or depth");
}
