namespace Sidecars.Pipeline;

/// <summary>The payloads of one call. Their memory goes back to the pool here and nowhere else.</summary>
internal sealed class CallPayloads : IDisposable
{
    private readonly List<InferMessage> _all = new(4);

    public void Add(InferMessage message)
    {
        if (!_all.Contains(message))
        {
            _all.Add(message);
        }
    }

    /// <summary>Makes the payloads live as long as one of them does; without one they end here.</summary>
    public void HandTo(InferMessage? owner, InferMessage except)
    {
        _all.Remove(except);
        if (owner is null)
        {
            Dispose();
            return;
        }

        foreach (InferMessage message in _all.Where(m => m != owner))
        {
            owner.Own(message);
        }

        _all.Clear();
    }

    public void Dispose()
    {
        foreach (InferMessage message in _all)
        {
            message.Dispose();
        }

        _all.Clear();
    }
}
