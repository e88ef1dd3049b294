namespace Sidecars.Protocol;

/// <summary>What the wire formats need to know of a <see cref="Datatype"/>: its name, its size, its .NET type.</summary>
internal static class DatatypeFacts
{
    private static readonly string[] s_names =
        ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES", "BF16"];

    private static readonly byte[] s_sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 0, 2];

    public static string Name(this Datatype datatype) => s_names[(int)datatype];

    /// <summary>Bytes of one element; 0 for BYTES, whose elements vary.</summary>
    public static int Size(this Datatype datatype) => s_sizes[(int)datatype];

    /// <summary>JSON has no faithful form for these two: only binary tensors and gRPC's raw contents carry them.</summary>
    public static bool IsRawOnly(this Datatype datatype) => datatype is Datatype.FP16 or Datatype.BF16;

    public static bool TryParse(ReadOnlySpan<char> name, bool ignoreCase, out Datatype datatype)
    {
        for (int i = 0; i < s_names.Length; i++)
        {
            if (name.Equals(s_names[i], ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            {
                datatype = (Datatype)i;
                return true;
            }
        }

        datatype = default;
        return false;
    }

    /// <summary>The datatype that holds a .NET type; throws for a type that none holds.</summary>
    public static Datatype Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? Datatype.FP32
        : typeof(T) == typeof(double) ? Datatype.FP64
        : typeof(T) == typeof(long) ? Datatype.INT64
        : typeof(T) == typeof(int) ? Datatype.INT32
        : typeof(T) == typeof(short) ? Datatype.INT16
        : typeof(T) == typeof(sbyte) ? Datatype.INT8
        : typeof(T) == typeof(ulong) ? Datatype.UINT64
        : typeof(T) == typeof(uint) ? Datatype.UINT32
        : typeof(T) == typeof(ushort) ? Datatype.UINT16
        : typeof(T) == typeof(byte) ? Datatype.UINT8
        : typeof(T) == typeof(bool) ? Datatype.BOOL
        : typeof(T) == typeof(Half) ? Datatype.FP16
        : throw new NotSupportedException($"No tensor datatype holds {typeof(T).Name}.");

    /// <summary>Whether a span of <typeparamref name="T"/> may be laid over this datatype's bytes.</summary>
    public static bool Holds<T>(this Datatype datatype) where T : unmanaged =>
        datatype == Of<T>() || (datatype == Datatype.BF16 && typeof(T) == typeof(ushort));
}
