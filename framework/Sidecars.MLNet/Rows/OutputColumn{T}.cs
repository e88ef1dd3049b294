using Microsoft.ML;
using Microsoft.ML.Data;
using Sidecars.MLNet.Columns;

namespace Sidecars.MLNet.Rows;

/// <summary>An output column of one .NET type, scalar or vector.</summary>
internal sealed class OutputColumn<T> : OutputColumn
{
    private readonly Func<string, T[], long[], Tensor> _make;
    private readonly TensorMetadata _metadata;
    private readonly ValueGetter<T>? _scalar;
    private readonly ValueGetter<VBuffer<T>>? _vector;
    private readonly int? _declaredWidth;
    private VBuffer<T> _buffer;
    private T[] _values = [];
    private int _rows;
    private int _width;

    public OutputColumn(
        DataViewRow row, DataViewSchema.Column column, TensorMetadata metadata, Func<string, T[], long[], Tensor> make)
    {
        _make = make;
        _metadata = metadata;
        _declaredWidth = ColumnType.Width(column);
        if (column.Type is VectorDataViewType)
        {
            _vector = row.GetGetter<VBuffer<T>>(column);
        }
        else
        {
            _scalar = row.GetGetter<T>(column);
        }
    }

    public override void Begin(int rows)
    {
        _rows = rows;
        _width = _declaredWidth ?? 0;
        _values = new T[checked(rows * _width)];
    }

    public override void Read(int row)
    {
        if (_scalar is not null)
        {
            _scalar(ref _values[row]);
            return;
        }

        _vector!(ref _buffer);
        if (row == 0 && _declaredWidth is null)
        {
            _width = _buffer.Length;
            _values = new T[checked(_rows * _width)];
        }

        if (_buffer.Length != _width)
        {
            throw InferenceException.InferenceError(
                $"output '{_metadata.Name}' has {_buffer.Length} values in row {row} and {_width} in row 0: no tensor holds rows of different lengths");
        }

        _buffer.CopyTo(_values.AsSpan(row * _width, _width));
    }

    public override Tensor End()
    {
        T[] values = _values;
        _values = [];
        long[] shape = [.. _metadata.Shape];
        shape[0] = _rows;
        if (_declaredWidth is null)
        {
            shape[1] = _width;
        }

        return _make(_metadata.Name, values, shape);
    }
}
