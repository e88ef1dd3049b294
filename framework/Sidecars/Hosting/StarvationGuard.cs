namespace Sidecars.Hosting;

/// <summary>
/// Plain hooks run on pool threads, and one that computes for seconds keeps its thread. The pool, which has one thread
/// per processor, would add others only every half second, and health probes would wait meanwhile. This guard asks the
/// pool ten times a second for a sign of life, and lets it have more threads at once when none comes. They are not given
/// from the start because many threads on few processors cost every small request.
/// </summary>
internal sealed class StarvationGuard : IDisposable
{
    private const int Step = 8, Most = 128, CalmTicks = 100;
    private const int TickMilliseconds = 100;

    private readonly ManualResetEventSlim _stopped = new();
    private readonly int _usual;

    public StarvationGuard()
    {
        ThreadPool.GetMinThreads(out _usual, out _);
        new Thread(Watch) { IsBackground = true, Name = "Sidecar thread pool guard" }.Start();
    }

    public void Dispose() => _stopped.Set();

    private void Watch()
    {
        int threads = _usual, calm = 0;
        while (!_stopped.Wait(TickMilliseconds))
        {
            var sign = new ManualResetEventSlim();
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.Set(), sign, preferLocal: false);
            if (sign.Wait(TickMilliseconds))
            {
                calm++;
                if (calm >= CalmTicks && threads > _usual)
                {
                    threads = _usual;
                    Set(threads);
                }

                continue;
            }

            calm = 0;
            if (threads < Most)
            {
                threads = Math.Min(threads + Step, Most);
                Set(threads);
            }
        }
    }

    private static void Set(int threads)
    {
        ThreadPool.GetMinThreads(out _, out int completions);
        ThreadPool.SetMinThreads(threads, completions);
    }
}
