namespace Sidecars.MLNet.Columns;

/// <summary>Texts, decoded once per call.</summary>
internal sealed class TextValues(Tensor tensor, int width) : ColumnValues<ReadOnlyMemory<char>>(width)
{
    private readonly string[] _texts = tensor.ReadStrings();

    public override ReadOnlyMemory<char> Scalar(int row) => _texts[row].AsMemory();

    protected override void Copy(int from, Span<ReadOnlyMemory<char>> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = _texts[from + i].AsMemory();
        }
    }
}
