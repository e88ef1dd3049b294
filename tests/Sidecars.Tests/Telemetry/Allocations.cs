namespace Sidecars.Tests.Telemetry;

/// <summary>Measures what an action allocates once everything it needs is there.</summary>
internal static class Allocations
{
    /// <summary>The bytes allocated by the leanest of some rounds: the runtime itself now and then allocates on behalf
    /// of whatever thread it compiles code for, but not in every round.</summary>
    public static long InSteadyState(Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
