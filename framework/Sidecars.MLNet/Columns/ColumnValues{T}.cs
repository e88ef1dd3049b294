using Microsoft.ML.Data;

namespace Sidecars.MLNet.Columns;

/// <summary>Values of one .NET type, by row.</summary>
internal abstract class ColumnValues<T>(int width) : ColumnValues
{
    public abstract T Scalar(int row);

    public void Vector(int row, ref VBuffer<T> to)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref to, width);
        Copy(row * width, editor.Values);
        to = editor.Commit();
    }

    protected abstract void Copy(int from, Span<T> to);
}
