using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sidecars.Protocol;

/// <summary>
/// A growing list in an array from the shared pool. A mutable struct: pass it by reference, dispose of it once, and use
/// no span of it after that.
/// </summary>
internal struct PooledList<T> : IDisposable
    where T : unmanaged
{
    private const int MinCapacity = 64;

    private T[]? _items;

    /// <summary>A list with room for some items; it grows when they are more.</summary>
    internal PooledList(int capacity)
    {
        _items = capacity > 0 ? ArrayPool<T>.Shared.Rent(capacity) : null;
    }

    /// <summary>The number of items.</summary>
    internal int Count { get; private set; }

    /// <summary>The items.</summary>
    internal readonly Span<T> Span => _items.AsSpan(0, Count);

    /// <summary>The items, as memory.</summary>
    internal readonly Memory<T> Memory => _items.AsMemory(0, Count);

    /// <summary>The unused rest of the array: fill it from the front, then <see cref="Advance"/>.</summary>
    internal readonly Span<T> Free => _items.AsSpan(Count);

    /// <summary>Adds an item.</summary>
    internal void Add(T item)
    {
        if (_items is null || Count == _items.Length)
        {
            Grow();
        }

        _items[Count++] = item;
    }

    /// <summary>Takes over items written to <see cref="Free"/>.</summary>
    internal void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Free.Length);
        Count += count;
    }

    /// <summary>Forgets the items after the first <paramref name="count"/>.</summary>
    internal void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Count = count;
    }

    /// <summary>Doubles the room.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_items))]
    internal void Grow()
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(MinCapacity, checked(Count * 2)));
        Span.CopyTo(larger);
        Release();
        _items = larger;
    }

    /// <summary>Hands the array over to the caller, who gives it back; the list is empty after that.</summary>
    internal (T[] Array, int Count) Detach()
    {
        (T[] array, int count) = (_items ?? [], Count);
        _items = null;
        Count = 0;
        return (array, count);
    }

    /// <summary>Gives the array back; the list is empty after that.</summary>
    public void Dispose()
    {
        Release();
        Count = 0;
    }

    private void Release()
    {
        if (_items is { } items)
        {
            _items = null;
            ArrayPool<T>.Shared.Return(items);
        }
    }
}
