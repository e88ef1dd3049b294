namespace Sidecars.Protocol;

/// <summary>Checks of tensor shapes. Every error names the tensor and what was wrong.</summary>
internal static class Shapes
{
    /// <summary>More dimensions than any model has; bounds the work a hostile shape can ask for.</summary>
    public const int MaxRank = 32;

    /// <summary>
    /// More tensors than any model has. Each takes some hundred bytes beside its elements, and a hostile payload names one in ten.
    /// </summary>
    public const int MaxTensors = 1 << 14;

    /// <summary>The product of checked dimensions; 1 for a scalar.</summary>
    public static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            count *= dimension;
        }

        return count;
    }

    /// <summary>A 400 where another tensor would be one too many.</summary>
    public static void CheckTensors(string role, int count)
    {
        if (count >= MaxTensors)
        {
            throw InferenceException.InvalidInput($"there are more than {MaxTensors} {role}s");
        }
    }

    /// <summary>The dimensions for an array of a given length; throws ArgumentException when they do not fit.</summary>
    public static long[] For(int length, ReadOnlySpan<long> shape)
    {
        if (shape.IsEmpty)
        {
            return [length];
        }

        if (!TryCount(shape, out long count) || count != length)
        {
            throw new ArgumentException($"The shape [{Text(shape)}] does not have {length} elements.", nameof(shape));
        }

        return shape.ToArray();
    }

    /// <summary>The number of elements a caller's shape asks for; a 400 when a shape cannot be one.</summary>
    public static int CheckedCount(string role, string name, ReadOnlySpan<long> shape)
    {
        if (shape.Length > MaxRank)
        {
            throw InferenceException.InvalidInput($"{role} '{name}' has {shape.Length} dimensions, at most {MaxRank} are possible");
        }

        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                throw InferenceException.InvalidInput($"{role} '{name}' has shape [{Text(shape)}] with a negative dimension");
            }
        }

        if (!TryCount(shape, out long count) || count > Array.MaxLength)
        {
            throw InferenceException.InvalidInput($"{role} '{name}' has shape [{Text(shape)}] with too many elements");
        }

        return (int)count;
    }

    /// <summary>A 400 unless raw bytes are exactly what the datatype and the shape ask for.</summary>
    public static void CheckRaw(string role, string name, Datatype datatype, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data)
    {
        int count = CheckedCount(role, name, shape);
        if (datatype == Datatype.BYTES)
        {
            int found = BytesElements.Count(role, name, data);
            if (found != count)
            {
                throw InferenceException.InvalidInput(
                    $"{role} '{name}' has shape [{Text(shape)}] of {count} elements, its data holds {found}");
            }

            return;
        }

        long expected = (long)count * datatype.Size();
        if (data.Length != expected)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{name}' has datatype {datatype.Name()} and shape [{Text(shape)}], which take {expected} bytes; its data has {data.Length}");
        }
    }

    public static string Text(ReadOnlySpan<long> shape) => string.Join(',', shape.ToArray());

    private static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        bool empty = false;
        foreach (long dimension in shape)
        {
            // A zero makes the tensor empty; the others must be sane all the same.
            if (dimension == 0)
            {
                empty = true;
                continue;
            }

            if (dimension < 0 || count > long.MaxValue / dimension)
            {
                return false;
            }

            count *= dimension;
        }

        if (empty)
        {
            count = 0;
        }

        return true;
    }
}
