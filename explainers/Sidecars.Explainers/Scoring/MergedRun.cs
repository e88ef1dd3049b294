using System.Buffers;

namespace Sidecars.Explainers.Scoring;

/// <summary>The rows of one run, and whose they are.</summary>
internal sealed class MergedRun(int features) : IDisposable
{
    private readonly List<MergedPart> _parts = [];
    private readonly CancellationTokenSource _cancellation = new();
    private float[]? _rented;
    private int _left;

    public IReadOnlyList<MergedPart> Parts => _parts;

    public int Rows { get; private set; }

    /// <summary>Whether it has a copy of everybody's rows, so that callers may have theirs back.</summary>
    public bool HasCopy { get; set; }

    /// <summary>Fires when nobody wants the scores any more.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    public void Add(MergedCall call, int count)
    {
        _parts.Add(new MergedPart(call, call.Sent, count, Rows));
        call.Sent += count;
        Rows += count;
        _left++;
        call.ReadBy = this;
    }

    /// <summary>The rows in one piece: a single caller's own memory, or a copy of everybody's.</summary>
    public ReadOnlyMemory<float> Gather()
    {
        if (_parts is [var only])
        {
            return only.Call.Rows.Slice(only.From * features, only.Count * features);
        }

        _rented = ArrayPool<float>.Shared.Rent(Rows * features);
        foreach (MergedPart part in _parts)
        {
            part.Call.Rows.Slice(part.From * features, part.Count * features).CopyTo(_rented.AsMemory(part.At * features));
        }

        return _rented.AsMemory(0, Rows * features);
    }

    /// <summary>One of its callers went away.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Leave() => --_left == 0;

    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended in this moment.
        }
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
