namespace Sidecars.Hosting;

/// <summary>
/// Plain hooks run on pool threads, and one that computes for seconds holds its thread. The pool would add threads
/// beyond one per processor only slowly, and health probes would wait meanwhile; these it adds at once.
/// </summary>
internal static class ThreadPoolSettings
{
    private const int AtOnce = 32;

    public static void Apply()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        if (workers < AtOnce)
        {
            ThreadPool.SetMinThreads(AtOnce, completions);
        }
    }
}
