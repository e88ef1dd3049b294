using Microsoft.ML;
using Microsoft.ML.Data;

namespace Sidecars.MLNet.Columns;

/// <summary>Which tensor corresponds to a column of ML.NET's.</summary>
internal static class ColumnType
{
    /// <summary>The column as callers see it: [-1] for a scalar, [-1, …] for a vector, -1 where its length varies.</summary>
    public static TensorMetadata Describe(DataViewSchema.Column column) => column.Type is VectorDataViewType vector
        ? new TensorMetadata(column.Name, Of(column.Name, vector.ItemType), [-1, .. Dimensions(vector)])
        : new TensorMetadata(column.Name, Of(column.Name, column.Type), -1);

    /// <summary>The elements of one row: 1 for a scalar, null where the number varies.</summary>
    public static int? Width(DataViewSchema.Column column) => column.Type is not VectorDataViewType vector ? 1
        : vector.IsKnownSize ? vector.Size
        : null;

    /// <summary>The largest key of a key column; null for columns that are none.</summary>
    public static ulong? MaxKey(DataViewSchema.Column column) =>
        ItemType(column) is KeyDataViewType key ? key.Count : null;

    public static bool IsSingleNumber(DataViewSchema.Column column) => column.Type is NumberDataViewType;

    private static DataViewType ItemType(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;

    private static long[] Dimensions(VectorDataViewType vector) => vector.IsKnownSize
        ? [.. vector.Dimensions.Select(static d => (long)d)]
        : [-1];

    private static Datatype Of(string name, DataViewType type) => type switch
    {
        TextDataViewType => Datatype.BYTES,
        BooleanDataViewType => Datatype.BOOL,
        NumberDataViewType or KeyDataViewType => OfNumber(type.RawType),
        _ => throw new SidecarConfigurationException(
            $"column '{name}' is of type {type}, which no tensor can hold; convert it in the pipeline, or choose other outputs"),
    };

    private static Datatype OfNumber(Type raw) => Type.GetTypeCode(raw) switch
    {
        TypeCode.Single => Datatype.FP32,
        TypeCode.Double => Datatype.FP64,
        TypeCode.SByte => Datatype.INT8,
        TypeCode.Int16 => Datatype.INT16,
        TypeCode.Int32 => Datatype.INT32,
        TypeCode.Int64 => Datatype.INT64,
        TypeCode.Byte => Datatype.UINT8,
        TypeCode.UInt16 => Datatype.UINT16,
        TypeCode.UInt32 => Datatype.UINT32,
        TypeCode.UInt64 => Datatype.UINT64,
        _ => throw new NotSupportedException($"ML.NET has no number of type {raw}."),
    };
}
