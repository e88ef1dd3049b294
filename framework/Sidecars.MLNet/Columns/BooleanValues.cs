namespace Sidecars.MLNet.Columns;

/// <summary>Booleans: any byte but zero is true.</summary>
internal sealed class BooleanValues(Tensor tensor, int width) : ColumnValues<bool>(width)
{
    public override bool Scalar(int row) => tensor.Data.Span[row] != 0;

    protected override void Copy(int from, Span<bool> to)
    {
        ReadOnlySpan<byte> bytes = tensor.Data.Span;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = bytes[from + i] != 0;
        }
    }
}
