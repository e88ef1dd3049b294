using System.Collections.Concurrent;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>The watches that are open, and what to tell them beside the events of the store.</summary>
internal sealed class WatchHub
{
    public const string Bookmark = "\0bookmark";
    public const string EndOfWatch = "\0end";

    private readonly Lock _lock = new();
    private readonly List<Watch> _watches = [];
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The versions that watches began from, in order.</summary>
    public IReadOnlyList<long> Began
    {
        get
        {
            lock (_lock)
            {
                return [.. _watches.Select(w => w.From)];
            }
        }
    }

    public Watch Open(long from)
    {
        lock (_lock)
        {
            var watch = new Watch(from);
            _watches.Add(watch);
            TaskCompletionSource opened = _opened;
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            opened.SetResult();
            return watch;
        }
    }

    /// <summary>Waits until so many watches have been opened in all.</summary>
    public async Task OpenedAsync(int count)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_watches.Count >= count)
                {
                    return;
                }

                next = _opened.Task;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void SendBookmark() => Tell(Bookmark);

    /// <summary>Ends the watches, as the server does when their time is over.</summary>
    public void End() => Tell(EndOfWatch);

    /// <summary>Sends a line as it is.</summary>
    public void SendLine(string line) => Tell(line);

    private void Tell(string what)
    {
        lock (_lock)
        {
            foreach (Watch watch in _watches)
            {
                watch.Tell(what);
            }
        }
    }

    internal sealed class Watch(long from)
    {
        private readonly ConcurrentQueue<string> _told = new();
        private volatile TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long From => from;

        public Task Told => _told.IsEmpty ? _signal.Task : Task.CompletedTask;

        public void Tell(string what)
        {
            _told.Enqueue(what);
            _signal.TrySetResult();
        }

        public bool TryTake(out string? told)
        {
            if (_told.TryDequeue(out told))
            {
                return true;
            }

            if (_signal.Task.IsCompleted)
            {
                _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return false;
        }
    }
}
