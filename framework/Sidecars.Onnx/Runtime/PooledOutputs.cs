using System.Buffers;

namespace Sidecars.Onnx.Runtime;

/// <summary>The memory of one answer's tensors, from the pool and back to it when the answer is done with.</summary>
internal sealed class PooledOutputs : IDisposable
{
    private readonly List<byte[]> _arrays = new(2);

    public Memory<byte> Rent(int size)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(size);
        _arrays.Add(array);
        return array.AsMemory(0, size);
    }

    public void Dispose()
    {
        foreach (byte[] array in _arrays)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        _arrays.Clear();
    }
}
