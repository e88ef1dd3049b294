using System.Numerics;

namespace Sidecars.MLNet.Columns;

/// <summary>One matrix in place of several columns of single numbers.</summary>
internal static class MatrixColumns
{
    public static IReadOnlyList<Tensor> Split(Tensor matrix, IReadOnlyList<TensorMetadata> columns)
    {
        if (matrix.Shape[1] != columns.Count)
        {
            throw InferenceException.InvalidInput(
                $"a row has {matrix.Shape[1]} values, the model takes {columns.Count}: {string.Join(", ", columns.Select(static c => c.Name))}");
        }

        return [.. columns.Select((column, i) => Column(matrix, column, i))];
    }

    private static Tensor Column(Tensor matrix, TensorMetadata column, int at) => column.Datatype switch
    {
        Datatype.FP32 => Column<float>(matrix, column, at),
        Datatype.FP64 => Column<double>(matrix, column, at),
        Datatype.INT8 => Column<sbyte>(matrix, column, at),
        Datatype.INT16 => Column<short>(matrix, column, at),
        Datatype.INT32 => Column<int>(matrix, column, at),
        Datatype.INT64 => Column<long>(matrix, column, at),
        Datatype.UINT8 => Column<byte>(matrix, column, at),
        Datatype.UINT16 => Column<ushort>(matrix, column, at),
        Datatype.UINT32 => Column<uint>(matrix, column, at),
        Datatype.UINT64 => Column<ulong>(matrix, column, at),
        _ => throw new InvalidOperationException($"A matrix holds no column of {column.Datatype}."),
    };

    private static Tensor Column<T>(Tensor matrix, TensorMetadata column, int at) where T : unmanaged, INumber<T>
    {
        int rows = (int)matrix.Shape[0], width = (int)matrix.Shape[1];
        var values = new T[rows];
        if (matrix.Datatype == column.Datatype)
        {
            ReadOnlySpan<T> same = matrix.AsSpan<T>();
            for (int row = 0; row < rows; row++)
            {
                values[row] = same[(row * width) + at];
            }
        }
        else
        {
            double[] doubles = matrix.ToArray<double>();
            for (int row = 0; row < rows; row++)
            {
                values[row] = Convert<T>(doubles[(row * width) + at], row, column);
            }
        }

        return Tensor.Create(column.Name, values, rows);
    }

    private static T Convert<T>(double value, int row, TensorMetadata column) where T : INumber<T>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            return T.CreateTruncating(value);
        }

        T converted = T.CreateSaturating(value);
        return double.CreateSaturating(converted) == value
            ? converted
            : throw InferenceException.InvalidInput($"input '{column.Name}': row {row} is no {column.Datatype}");
    }
}
