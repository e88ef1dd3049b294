using System.Buffers;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>Shows an array of numbers as the bytes it is made of, without copying it.</summary>
internal sealed class ArrayMemory<T>(T[] array) : MemoryManager<byte> where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(array.AsSpan());

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        GCHandle handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        return new MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle);
    }

    public override void Unpin()
    {
        // The handle that Pin returned frees the pin.
    }

    protected override void Dispose(bool disposing)
    {
        // The array belongs to whoever made it.
    }
}
