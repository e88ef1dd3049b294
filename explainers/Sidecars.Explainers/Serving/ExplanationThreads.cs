using System.Collections.Concurrent;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// Threads of their own for explanations, which compute for long: on the pool's threads health probes would wait behind
/// them. What is given more than there are threads for waits its turn, oldest first. A work that waits itself, for a remote
/// model or for others to merge with, leaves its thread to the next.
/// </summary>
internal sealed class ExplanationThreads : IDisposable
{
    private readonly BlockingCollection<Action> _waiting = [];

    public ExplanationThreads(int count)
    {
        for (int i = 0; i < count; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "Explainer" }.Start();
        }
    }

    /// <summary>Runs work, up to where it first waits, on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(() => _ = CompleteAsync(), CancellationToken.None);
        return done.Task;

        async Task CompleteAsync()
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                done.SetResult(await work().ConfigureAwait(false));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }

    public void Dispose() => _waiting.CompleteAdding();

    private void Work()
    {
        foreach (Action work in _waiting.GetConsumingEnumerable())
        {
            work();
        }
    }
}
