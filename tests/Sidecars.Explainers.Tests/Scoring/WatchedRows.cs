using System.Buffers;

namespace Sidecars.Explainers.Tests.Scoring;

/// <summary>Rows that tell when they are read.</summary>
internal sealed class WatchedRows(float[] rows, Action read) : MemoryManager<float>
{
    public override Memory<float> Memory => CreateMemory(rows.Length);

    public override Span<float> GetSpan()
    {
        read();
        return rows;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
