using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sidecars.Onnx.Runtime;

/// <summary>ONNX element types and the datatypes that hold them bit for bit.</summary>
internal static class ElementTypes
{
    public static Datatype? ToDatatype(TensorElementType type) => type switch
    {
        TensorElementType.Bool => Datatype.BOOL,
        TensorElementType.UInt8 => Datatype.UINT8,
        TensorElementType.UInt16 => Datatype.UINT16,
        TensorElementType.UInt32 => Datatype.UINT32,
        TensorElementType.UInt64 => Datatype.UINT64,
        TensorElementType.Int8 => Datatype.INT8,
        TensorElementType.Int16 => Datatype.INT16,
        TensorElementType.Int32 => Datatype.INT32,
        TensorElementType.Int64 => Datatype.INT64,
        TensorElementType.Float16 => Datatype.FP16,
        TensorElementType.Float => Datatype.FP32,
        TensorElementType.Double => Datatype.FP64,
        TensorElementType.BFloat16 => Datatype.BF16,
        TensorElementType.String => Datatype.BYTES,
        _ => null,
    };

    public static TensorElementType ToElementType(Datatype datatype) => datatype switch
    {
        Datatype.BOOL => TensorElementType.Bool,
        Datatype.UINT8 => TensorElementType.UInt8,
        Datatype.UINT16 => TensorElementType.UInt16,
        Datatype.UINT32 => TensorElementType.UInt32,
        Datatype.UINT64 => TensorElementType.UInt64,
        Datatype.INT8 => TensorElementType.Int8,
        Datatype.INT16 => TensorElementType.Int16,
        Datatype.INT32 => TensorElementType.Int32,
        Datatype.INT64 => TensorElementType.Int64,
        Datatype.FP16 => TensorElementType.Float16,
        Datatype.FP32 => TensorElementType.Float,
        Datatype.FP64 => TensorElementType.Double,
        Datatype.BF16 => TensorElementType.BFloat16,
        _ => TensorElementType.String,
    };

    /// <exception cref="NotSupportedException">No element type is that of <typeparamref name="T"/>.</exception>
    public static TensorElementType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(double) ? TensorElementType.Double
        : typeof(T) == typeof(Half) ? TensorElementType.Float16
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : typeof(T) == typeof(int) ? TensorElementType.Int32
        : typeof(T) == typeof(byte) ? TensorElementType.UInt8
        : typeof(T) == typeof(bool) ? TensorElementType.Bool
        : throw new NotSupportedException($"{typeof(T)} is no element type of bound tensors.");

    /// <summary>Bytes of one element; 0 for BYTES, whose elements vary.</summary>
    public static int Size(Datatype datatype) => datatype switch
    {
        Datatype.BOOL or Datatype.UINT8 or Datatype.INT8 => 1,
        Datatype.UINT16 or Datatype.INT16 or Datatype.FP16 or Datatype.BF16 => 2,
        Datatype.UINT32 or Datatype.INT32 or Datatype.FP32 => 4,
        Datatype.BYTES => 0,
        _ => 8,
    };
}
