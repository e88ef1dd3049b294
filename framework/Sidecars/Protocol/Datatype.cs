namespace Sidecars;

/// <summary>
/// The element types of the Open Inference Protocol, under the protocol's own names, and Triton's <see cref="BF16"/>.
/// </summary>
public enum Datatype : byte
{
    /// <summary>One byte, zero or not zero. .NET: <see cref="bool"/>.</summary>
    BOOL,

    /// <summary>Unsigned 8 bit. .NET: <see cref="byte"/>.</summary>
    UINT8,

    /// <summary>Unsigned 16 bit. .NET: <see cref="ushort"/>.</summary>
    UINT16,

    /// <summary>Unsigned 32 bit. .NET: <see cref="uint"/>.</summary>
    UINT32,

    /// <summary>Unsigned 64 bit. .NET: <see cref="ulong"/>.</summary>
    UINT64,

    /// <summary>Signed 8 bit. .NET: <see cref="sbyte"/>.</summary>
    INT8,

    /// <summary>Signed 16 bit. .NET: <see cref="short"/>.</summary>
    INT16,

    /// <summary>Signed 32 bit. .NET: <see cref="int"/>.</summary>
    INT32,

    /// <summary>Signed 64 bit. .NET: <see cref="long"/>.</summary>
    INT64,

    /// <summary>IEEE 754 half precision; never as JSON. .NET: <see cref="Half"/>.</summary>
    FP16,

    /// <summary>IEEE 754 single precision. .NET: <see cref="float"/>.</summary>
    FP32,

    /// <summary>IEEE 754 double precision. .NET: <see cref="double"/>.</summary>
    FP64,

    /// <summary>Byte strings of any length each. .NET: <see cref="string"/> (UTF-8) or bytes.</summary>
    BYTES,

    /// <summary>The upper half of a single precision number; never as JSON. .NET: <see cref="ushort"/> bits.</summary>
    BF16,
}
