namespace Sidecars.MLNet.Columns;

/// <summary>Numbers and keys, read straight from the tensor's memory.</summary>
internal sealed class NumberValues<T>(Tensor tensor, int width) : ColumnValues<T>(width) where T : unmanaged
{
    public ReadOnlySpan<T> All => tensor.AsSpan<T>();

    public override T Scalar(int row) => tensor.AsSpan<T>()[row];

    protected override void Copy(int from, Span<T> to) => tensor.AsSpan<T>().Slice(from, to.Length).CopyTo(to);
}
