using System.Diagnostics;

namespace Sidecars.Telemetry;

/// <summary>What the process and the runtime say of themselves at one moment.</summary>
internal readonly record struct RuntimeReading
{
    private static readonly double ProcessStart = ReadStart();

    public required double CpuSeconds { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>Null where the system does not tell.</summary>
    public required long? OpenFileDescriptors { get; init; }

    public required double StartSeconds { get; init; }

    public required long GcHeapBytes { get; init; }

    /// <summary>Collections of generation 0, 1 and 2.</summary>
    public required IReadOnlyList<long> GcCollections { get; init; }

    public required long ThreadPoolThreads { get; init; }

    public required long ThreadPoolQueue { get; init; }

    public static RuntimeReading Now() => new()
    {
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
        ResidentBytes = Environment.WorkingSet,
        OpenFileDescriptors = CountFileDescriptors(),
        StartSeconds = ProcessStart,
        GcHeapBytes = GC.GetTotalMemory(forceFullCollection: false),
        GcCollections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)],
        ThreadPoolThreads = ThreadPool.ThreadCount,
        ThreadPoolQueue = ThreadPool.PendingWorkItemCount,
    };

    private static long? CountFileDescriptors()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            // Reading the folder opens a descriptor of its own, which is in the list.
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount() - 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double ReadStart()
    {
        using Process process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }
}
