namespace Sidecars.Explainers.Shap;

/// <summary>Keeps what was used last, up to so many bytes; at least the one that was just asked for.</summary>
/// <typeparam name="TKey">What a value is asked for by.</typeparam>
/// <typeparam name="TValue">What is kept.</typeparam>
/// <param name="most">The most bytes.</param>
/// <param name="bytes">How many a value takes.</param>
internal sealed class BoundedCache<TKey, TValue>(long most, Func<TValue, long> bytes)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value, long Bytes)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value, long Bytes)> _used = new();
    private readonly Lock _gate = new();

    /// <summary>How many bytes are kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many values are kept.</summary>
    public int Count => _nodes.Count;

    /// <summary>The value of a key, made when it is not there; making it must be quick, and leave the slow part for later.</summary>
    public TValue Get(TKey key, Func<TValue> make)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value, long Bytes)>? node))
            {
                _used.Remove(node);
                _used.AddFirst(node);
                return node.Value.Value;
            }

            TValue value = make();
            long size = bytes(value);
            _nodes[key] = _used.AddFirst((key, value, size));
            Bytes += size;
            while (Bytes > most && _used.Count > 1)
            {
                (TKey oldest, _, long freed) = _used.Last!.Value;
                _used.RemoveLast();
                _nodes.Remove(oldest);
                Bytes -= freed;
            }

            return value;
        }
    }
}
