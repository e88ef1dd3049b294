namespace Sidecars.Protocol;

/// <summary>
/// Turns tensors into the rows of a V1 document. The rules stand in docs/conversions.md; this is the one place that
/// knows them on the way to V1.
/// </summary>
internal static class V1Writer
{
    // An empty tensor costs nothing to send and, nested as V1 is, much to write: [1000000000, 0] is a gigabyte of "[]".
    private const int MaxEmptyLists = 1 << 16;

    public static void Write(PooledBuffer to, ReadOnlySpan<byte> key, string role, IReadOnlyList<Tensor> tensors)
    {
        to.Write("{\""u8);
        to.Write(key);
        to.Write("\":"u8);
        switch (tensors.Count)
        {
            case 0:
                to.Write("[]"u8);
                break;
            case 1:
                int bytesAt = 0, index = 0;
                WriteNested(to, tensors[0], AtLeastOneRow(tensors[0]), 0, ref index, ref bytesAt);
                break;
            default:
                WriteObjects(to, role, tensors);
                break;
        }

        to.Write((byte)'}');
    }

    /// <summary>Several tensors of as many rows: a list of objects, one field per tensor.</summary>
    private static void WriteObjects(PooledBuffer to, string role, IReadOnlyList<Tensor> tensors)
    {
        long rows = AtLeastOneRow(tensors[0])[0];
        foreach (Tensor tensor in tensors)
        {
            if (AtLeastOneRow(tensor)[0] != rows)
            {
                throw InferenceException.InvalidInput(
                    $"{role}s '{tensors[0].Name}' [{Shapes.Text(tensors[0].Shape)}] and '{tensor.Name}' [{Shapes.Text(tensor.Shape)}]"
                    + " have no common V1 form: their first dimensions differ");
            }
        }

        using var keys = new PooledBuffer(64 * tensors.Count);
        int[] keyEnds = new int[tensors.Count], indexes = new int[tensors.Count], bytesAt = new int[tensors.Count];
        for (int t = 0; t < tensors.Count; t++)
        {
            JsonText.WriteString(keys, V2Json.TensorName(tensors[t], role, t));
            keys.Write((byte)':');
            keyEnds[t] = keys.Length;
        }

        to.Write((byte)'[');
        for (long row = 0; row < rows; row++)
        {
            to.Write(row == 0 ? "{"u8 : ",{"u8);
            for (int t = 0; t < tensors.Count; t++)
            {
                if (t > 0)
                {
                    to.Write((byte)',');
                }

                to.Write(keys.WrittenSpan[(t == 0 ? 0 : keyEnds[t - 1])..keyEnds[t]]);
                ReadOnlySpan<long> shape = AtLeastOneRow(tensors[t]);
                if (shape.Length == 1)
                {
                    JsonTensors.WriteRun(to, tensors[t], indexes[t]++, 1, ref bytesAt[t], widen: false, v1: true);
                }
                else
                {
                    WriteNested(to, tensors[t], shape, 1, ref indexes[t], ref bytesAt[t]);
                }
            }

            to.Write((byte)'}');
        }

        to.Write((byte)']');
    }

    private static void WriteNested(
        PooledBuffer to, Tensor tensor, ReadOnlySpan<long> shape, int level, ref int index, ref int bytesAt)
    {
        to.Write((byte)'[');
        int length = (int)shape[level];
        if (level == shape.Length - 1)
        {
            JsonTensors.WriteRun(to, tensor, index, length, ref bytesAt, widen: false, v1: true);
            index += length;
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                if (i > 0)
                {
                    to.Write((byte)',');
                }

                WriteNested(to, tensor, shape, level + 1, ref index, ref bytesAt);
            }
        }

        to.Write((byte)']');
    }

    /// <summary>A scalar counts as one row.</summary>
    private static ReadOnlySpan<long> AtLeastOneRow(Tensor tensor)
    {
        ReadOnlySpan<long> shape = tensor.Shape;
        if (tensor.Count == 0 && shape.IndexOf(0) is var zero && Shapes.Count(shape[..zero]) > MaxEmptyLists)
        {
            throw InferenceException.InvalidInput(
                $"tensor '{tensor.Name}' [{Shapes.Text(shape)}] is empty and would still take {Shapes.Count(shape[..zero])} lists to write");
        }

        return shape.IsEmpty ? s_one : shape;
    }

    private static readonly long[] s_one = [1];
}
