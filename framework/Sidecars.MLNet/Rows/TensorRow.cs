using Microsoft.ML;
using Microsoft.ML.Data;
using Sidecars.MLNet.Columns;

namespace Sidecars.MLNet.Rows;

/// <summary>The row ML.NET reads from: it moves over the bound values of one call after another.</summary>
internal sealed class TensorRow(DataViewSchema schema) : DataViewRow
{
    private long _position = -1;
    private BoundColumns? _bound;
    private int _row;

    public override DataViewSchema Schema => schema;

    /// <summary>Only ever grows, over all calls: ML.NET keeps what it computed for the position it last saw.</summary>
    public override long Position => _position;

    public override long Batch => 0;

    public void Bind(BoundColumns? bound) => _bound = bound;

    public void MoveTo(int row)
    {
        _row = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = column.Index;
        if (column.Type is VectorDataViewType vector)
        {
            Delegate getter = vector.ItemType.RawType switch
            {
                var t when t == typeof(float) => Vector<float>(index),
                var t when t == typeof(double) => Vector<double>(index),
                var t when t == typeof(sbyte) => Vector<sbyte>(index),
                var t when t == typeof(short) => Vector<short>(index),
                var t when t == typeof(int) => Vector<int>(index),
                var t when t == typeof(long) => Vector<long>(index),
                var t when t == typeof(byte) => Vector<byte>(index),
                var t when t == typeof(ushort) => Vector<ushort>(index),
                var t when t == typeof(uint) => Vector<uint>(index),
                var t when t == typeof(ulong) => Vector<ulong>(index),
                var t when t == typeof(bool) => Vector<bool>(index),
                _ => Vector<ReadOnlyMemory<char>>(index),
            };
            return (ValueGetter<TValue>)getter;
        }

        return (ref TValue value) => value = Values<TValue>(index).Scalar(_row);
    }

    private ValueGetter<VBuffer<T>> Vector<T>(int index) => (ref VBuffer<T> value) => Values<T>(index).Vector(_row, ref value);

    private ColumnValues<T> Values<T>(int index) =>
        (ColumnValues<T>)(_bound?.Values[index] ?? throw new InvalidOperationException($"ML.NET asked for column '{schema[index].Name}', which it said it does not need."));
}
