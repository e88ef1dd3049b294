using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Sidecars.Hosting;

/// <summary>
/// The blocks that connections read into and write from. Kestrel's own are 4 KiB, which means a system call for every
/// 4 KiB of an image; a connection takes a block only while it has something in it, so larger ones cost idle ones
/// nothing.
/// </summary>
internal sealed class ReadBufferPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 32 << 10;

    // 32 MiB of blocks are kept; what a burst took beyond that goes to the collector.
    private const int MostKept = 1024;

    private readonly ConcurrentQueue<Block> _free = new();
    private int _kept;

    public override int MaxBufferSize => BlockSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (_free.TryDequeue(out Block? block))
        {
            Interlocked.Decrement(ref _kept);
            return block;
        }

        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        // One pool serves all listeners for as long as the process lives.
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _kept) <= MostKept)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }

    private sealed class Block(ReadBufferPool pool) : IMemoryOwner<byte>
    {
        // Pinned, for the sockets would otherwise pin each block for each call.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
