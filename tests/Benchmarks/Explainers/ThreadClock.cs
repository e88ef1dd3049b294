using System.Runtime.InteropServices;

namespace Explainers.Benchmarks;

/// <summary>The processor time of this thread: what a piece of work costs, however busy the machine is beside it.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Milliseconds of processor time since the thread began.</summary>
    public static double Milliseconds => clock_gettime(ThreadCpuTime, out Time time) == 0
        ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6)
        : throw new PlatformNotSupportedException("No clock of a thread's processor time.");

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
