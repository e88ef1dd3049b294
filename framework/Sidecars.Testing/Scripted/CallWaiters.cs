namespace Sidecars.Testing.Scripted;

/// <summary>What arrived, and who waits for more of it.</summary>
internal sealed class CallWaiters
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedCall> _calls = [];
    private readonly List<string> _probes = [];
    private readonly List<(int Count, TaskCompletionSource Done)> _waiting = [];

    public IReadOnlyList<ReceivedCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public IReadOnlyList<string> Probes
    {
        get
        {
            lock (_lock)
            {
                return [.. _probes];
            }
        }
    }

    public void Add(string probe)
    {
        lock (_lock)
        {
            _probes.Add(probe);
        }
    }

    public void Add(ReceivedCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
            foreach ((int count, TaskCompletionSource done) in _waiting)
            {
                if (_calls.Count >= count)
                {
                    done.TrySetResult();
                }
            }
        }
    }

    public Task WaitAsync(int count, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_calls.Count >= count)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, done));
            return done.Task.WaitAsync(cancellation);
        }
    }
}
