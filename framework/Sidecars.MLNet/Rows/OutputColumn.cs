using Microsoft.ML;
using Microsoft.ML.Data;
using Sidecars.MLNet.Columns;

namespace Sidecars.MLNet.Rows;

/// <summary>Collects the values of one output column into a tensor.</summary>
internal abstract class OutputColumn
{
    public static OutputColumn Create(DataViewRow row, DataViewSchema.Column column)
    {
        TensorMetadata metadata = ColumnType.Describe(column);
        return metadata.Datatype switch
        {
            Datatype.FP32 => Numbers<float>(row, column, metadata),
            Datatype.FP64 => Numbers<double>(row, column, metadata),
            Datatype.INT8 => Numbers<sbyte>(row, column, metadata),
            Datatype.INT16 => Numbers<short>(row, column, metadata),
            Datatype.INT32 => Numbers<int>(row, column, metadata),
            Datatype.INT64 => Numbers<long>(row, column, metadata),
            Datatype.UINT8 => Numbers<byte>(row, column, metadata),
            Datatype.UINT16 => Numbers<ushort>(row, column, metadata),
            Datatype.UINT32 => Numbers<uint>(row, column, metadata),
            Datatype.UINT64 => Numbers<ulong>(row, column, metadata),
            Datatype.BOOL => Numbers<bool>(row, column, metadata),
            _ => new OutputColumn<ReadOnlyMemory<char>>(row, column, metadata, static (name, texts, shape) =>
                Tensor.FromStrings(name, [.. texts.Select(static t => t.ToString())], shape)),
        };
    }

    /// <summary>Makes room for so many rows.</summary>
    public abstract void Begin(int rows);

    /// <summary>Takes the value of the row ML.NET stands on.</summary>
    public abstract void Read(int row);

    /// <summary>Gives the tensor out.</summary>
    public abstract Tensor End();

    private static OutputColumn<T> Numbers<T>(DataViewRow row, DataViewSchema.Column column, TensorMetadata metadata)
        where T : unmanaged =>
        new(row, column, metadata, static (name, values, shape) => Tensor.Create(name, values, shape));
}
