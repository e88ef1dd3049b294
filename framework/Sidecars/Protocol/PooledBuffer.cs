using System.Buffers;

namespace Sidecars.Protocol;

/// <summary>A growing run of bytes from the shared pool; <see cref="Dispose"/> gives it back.</summary>
internal sealed class PooledBuffer(int capacity = 512) : IBufferWriter<byte>, IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    public int Length => _length;

    public Memory<byte> WrittenMemory => Array.AsMemory(0, _length);

    public Span<byte> WrittenSpan => Array.AsSpan(0, _length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Array.Length - _length));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Array.AsSpan(_length);
    }

    public void Write(byte value)
    {
        Reserve(1);
        Array[_length++] = value;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(Array.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        byte[] array = Array;
        int needed = Math.Max(sizeHint, 1);
        if (array.Length - _length >= needed)
        {
            return;
        }

        int size = checked((int)Math.Min(Math.Max((long)array.Length * 2, (long)_length + needed), System.Array.MaxLength));
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, checked(_length + needed)));
        array.AsSpan(0, _length).CopyTo(larger);
        _array = larger;
        ArrayPool<byte>.Shared.Return(array);
    }
}
