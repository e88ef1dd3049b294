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

    public void Dispose()
    {
        foreach (InferMessage message in _all)
        {
            message.Dispose();
        }

        _all.Clear();
    }
}
