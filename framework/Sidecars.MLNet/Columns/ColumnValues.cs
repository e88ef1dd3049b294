using Microsoft.ML;
using Microsoft.ML.Data;

namespace Sidecars.MLNet.Columns;

/// <summary>The values of one column for one call.</summary>
internal abstract class ColumnValues
{
    /// <summary>Takes a tensor's values for a column, when its datatype and shape are the column's.</summary>
    public static ColumnValues Create(DataViewSchema.Column column, TensorMetadata metadata, Tensor tensor, int rows)
    {
        if (tensor.Datatype != metadata.Datatype)
        {
            throw InferenceException.InvalidInput(
                $"input '{column.Name}' has datatype {tensor.Datatype}, the model takes {metadata.Datatype}");
        }

        int width = rows == 0 ? ColumnType.Width(column) ?? 0 : tensor.Count / rows;
        if (ColumnType.Width(column) is { } expected && width != expected)
        {
            throw InferenceException.InvalidInput(
                $"input '{column.Name}' has shape [{string.Join(',', tensor.Shape.ToArray())}], the model takes [{string.Join(',', metadata.Shape)}]");
        }

        return metadata.Datatype switch
        {
            Datatype.FP32 => new NumberValues<float>(tensor, width),
            Datatype.FP64 => new NumberValues<double>(tensor, width),
            Datatype.INT8 => new NumberValues<sbyte>(tensor, width),
            Datatype.INT16 => new NumberValues<short>(tensor, width),
            Datatype.INT32 => new NumberValues<int>(tensor, width),
            Datatype.INT64 => new NumberValues<long>(tensor, width),
            Datatype.UINT8 => Checked(new NumberValues<byte>(tensor, width), column),
            Datatype.UINT16 => Checked(new NumberValues<ushort>(tensor, width), column),
            Datatype.UINT32 => Checked(new NumberValues<uint>(tensor, width), column),
            Datatype.UINT64 => Checked(new NumberValues<ulong>(tensor, width), column),
            Datatype.BOOL => new BooleanValues(tensor, width),
            _ => new TextValues(tensor, width),
        };
    }

    private static NumberValues<T> Checked<T>(NumberValues<T> values, DataViewSchema.Column column)
        where T : unmanaged, System.Numerics.IUnsignedNumber<T>
    {
        if (ColumnType.MaxKey(column) is { } max)
        {
            ReadOnlySpan<T> keys = values.All;
            for (int i = 0; i < keys.Length; i++)
            {
                // ML.NET trusts keys and reads beyond its tables for one that is too large.
                if (ulong.CreateTruncating(keys[i]) > max)
                {
                    throw InferenceException.InvalidInput($"input '{column.Name}': element {i} is {keys[i]}, the largest key is {max}");
                }
            }
        }

        return values;
    }
}
