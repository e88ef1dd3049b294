using System.Buffers;
using System.Diagnostics;

namespace Sidecars.Telemetry;

/// <summary>
/// Takes log lines in from any thread and writes them from one thread of its own, many at once: a request's thread
/// pays for copying its lines, not for the system call. Lines come out within milliseconds, and all of them before
/// <see cref="Dispose"/> or <see cref="Flush"/> return, as long as the streams can be written to.
/// <para>
/// When whoever reads the stream does not keep up and the buffer is full, a thread waits for room, for a short time
/// only. Then the line is dropped, and further ones at once, until there is room again; the next line is preceded
/// by one that says how many are missing. Serving goes on without a log rather than stopping for it.
/// </para>
/// </summary>
internal sealed class LogSink : IDisposable
{
    /// <summary>How long stopping waits for streams that take nothing.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ExitFlush = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly LogLane[] _lanes;
    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _time;
    private Thread? _thread;
    private bool _sleeping;
    private bool _urgent;
    private bool _stopping;
    private Afterwards _afterwards;
    private long _added;
    private long _written;

    /// <param name="error">Receives lines for <see cref="LogStream.Error"/>.</param>
    /// <param name="output">Receives lines for <see cref="LogStream.Output"/>.</param>
    /// <param name="time">The clock of the line that tells of dropped lines.</param>
    /// <param name="capacity">How many bytes may wait per stream.</param>
    /// <param name="maxWait">How long a thread waits for room; null for 100 ms.</param>
    public LogSink(
        Stream error, Stream output, TimeProvider? time = null, int capacity = 1 << 20, TimeSpan? maxWait = null)
    {
        _lanes = [new LogLane(error, capacity), new LogLane(output, capacity)];
        _time = time ?? TimeProvider.System;
        _maxWait = maxWait ?? TimeSpan.FromMilliseconds(100);
        AppDomain.CurrentDomain.ProcessExit += FlushAtExit;
        AppDomain.CurrentDomain.UnhandledException += FlushAtExit;
    }

    public static LogSink OpenConsole() => new(Console.OpenStandardError(), Console.OpenStandardOutput());

    /// <summary>Takes in one or more whole lines, which stay together.</summary>
    public void Write(LogStream stream, ReadOnlySpan<byte> lines)
    {
        LogLane lane = _lanes[(int)stream];
        lock (_gate)
        {
            if (_afterwards != Afterwards.NotYet)
            {
                if (_afterwards == Afterwards.WriteDirectly)
                {
                    lane.Add(lines);
                    WriteDirectly();
                }

                return;
            }

            if (!lane.HasRoomFor(lines.Length) && !WaitForRoom(lane, lines.Length))
            {
                lane.Dropped++;
                return;
            }

            if (lane.Dropped > 0)
            {
                TellDropped(lane);
            }

            Add(lane, lines);
            if (!_stopping)
            {
                _thread ??= StartThread();
            }

            if (_sleeping || (lane.HalfFull && !_urgent))
            {
                _urgent |= lane.HalfFull;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits until every line taken in before is written. Returns false if the time did not suffice.</summary>
    public bool Flush(TimeSpan? timeout = null)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            long target = _added;
            while (_written < target)
            {
                TimeSpan left = (timeout ?? TimeSpan.FromDays(1)) - Stopwatch.GetElapsedTime(start);
                _urgent = true;
                Monitor.PulseAll(_gate);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    return _written >= target;
                }
            }

            return true;
        }
    }

    /// <summary>Writes what is left. Lines that come afterwards are written at once, by the thread they come from;
    /// or not at all, if the streams could not be written to within <see cref="StopTimeout"/>.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= FlushAtExit;
        AppDomain.CurrentDomain.UnhandledException -= FlushAtExit;
        Thread? thread;
        lock (_gate)
        {
            _stopping = true;
            thread = _thread;
            Monitor.PulseAll(_gate);
        }

        bool ended = thread is null || thread.Join(StopTimeout);
        lock (_gate)
        {
            _afterwards = ended ? Afterwards.WriteDirectly : Afterwards.Drop;
            if (ended)
            {
                // What came in between the thread's last look and now.
                WriteDirectly();
            }
        }
    }

    private void FlushAtExit(object? sender, EventArgs e) => Flush(ExitFlush);

    private Thread StartThread()
    {
        Thread thread = new(WriteUntilStopped) { IsBackground = true, Name = "Sidecars log" };
        thread.Start();
        return thread;
    }

    private void WriteUntilStopped()
    {
        while (TakePending(out long taken))
        {
            foreach (LogLane lane in _lanes)
            {
                lane.WriteOut();
            }

            lock (_gate)
            {
                _written += taken;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for lines, then a little longer: a burst of them costs one wake-up and one system call.</summary>
    private bool TakePending(out long taken)
    {
        lock (_gate)
        {
            while (_added == _written && !_stopping)
            {
                _sleeping = true;
                _ = Monitor.Wait(_gate);
                _sleeping = false;
            }

            if (!_urgent && !_stopping)
            {
                _ = Monitor.Wait(_gate, Linger);
            }

            _urgent = false;
            taken = _added - _written;
            foreach (LogLane lane in _lanes)
            {
                lane.Swap();
            }

            // Room was made: the buffer now filling is empty.
            Monitor.PulseAll(_gate);
            return taken > 0 || !_stopping;
        }
    }

    private bool WaitForRoom(LogLane lane, int length)
    {
        if (lane.Dropped > 0)
        {
            return false;
        }

        long start = Stopwatch.GetTimestamp();
        while (!lane.HasRoomFor(length))
        {
            TimeSpan left = _maxWait - Stopwatch.GetElapsedTime(start);
            if (_maxWait != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)
            {
                return false;
            }

            _urgent = true;
            Monitor.PulseAll(_gate);
            _ = Monitor.Wait(_gate, _maxWait == Timeout.InfiniteTimeSpan ? _maxWait : left);
        }

        return true;
    }

    private void TellDropped(LogLane lane)
    {
        // Not the thread's buffer: the line about to be added is in it.
        ArrayBufferWriter<byte> line = new();
        LogLine.Begin(line, _time, "kserve"u8);
        line.Write("WARNING [Sidecars.Telemetry.LogSink/LinesDropped] "u8);
        LogText.Number(line, lane.Dropped);
        line.Write(" log lines dropped: whoever reads this stream does not keep up"u8);
        LogLine.End(line);
        lane.Dropped = 0;
        Add(lane, line.WrittenSpan);
    }

    private void Add(LogLane lane, ReadOnlySpan<byte> lines)
    {
        lane.Add(lines);
        _added += lines.Length;
    }

    private void WriteDirectly()
    {
        foreach (LogLane lane in _lanes)
        {
            lane.Swap();
            lane.WriteOut();
        }

        _written = _added;
        Monitor.PulseAll(_gate);
    }

    private enum Afterwards
    {
        NotYet,
        WriteDirectly,
        Drop,
    }
}
