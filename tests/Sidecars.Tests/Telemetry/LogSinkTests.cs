using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public sealed class LogSinkTests
{
    private readonly MemoryStream _error = new();
    private readonly MemoryStream _output = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Write_ThenFlush_LinesAreInTheirStreams()
    {
        using LogSink sink = new(_error, _output);

        sink.Write(LogStream.Error, "one\n"u8);
        sink.Write(LogStream.Output, "access\n"u8);
        sink.Write(LogStream.Error, "two\n"u8);

        sink.Flush().Should().BeTrue();
        Text(_error).Should().Be("one\ntwo\n");
        Text(_output).Should().Be("access\n");
    }

    [Fact]
    public void Dispose_LinesWaiting_LosesNone()
    {
        LogSink sink = new(_error, _output, capacity: 4096);
        Parallel.For(0, 4, writer =>
        {
            for (int i = 0; i < 1000; i++)
            {
                sink.Write(LogStream.Error, Encoding.UTF8.GetBytes($"{writer} {i}\n"));
            }
        });

        sink.Dispose();

        string[] lines = Text(_error).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(4000);
        for (int writer = 0; writer < 4; writer++)
        {
            lines.Where(line => line.StartsWith($"{writer} ", StringComparison.Ordinal))
                .Should().Equal(Enumerable.Range(0, 1000).Select(i => $"{writer} {i}"));
        }
    }

    [Fact]
    public void Write_AfterDispose_IsWrittenAtOnce()
    {
        LogSink sink = new(_error, _output);
        sink.Write(LogStream.Error, "before\n"u8);
        sink.Dispose();
        sink.Dispose();

        sink.Write(LogStream.Error, "after\n"u8);

        Text(_error).Should().Be("before\nafter\n");
    }

    [Fact]
    public void Write_ReaderDoesNotKeepUp_DropsAndSaysHowMany()
    {
        GatedStream slow = new();
        using LogSink sink = new(slow, _output, _time, capacity: 8, maxWait: TimeSpan.Zero);
        sink.Write(LogStream.Error, "first\n"u8);
        slow.WaitForWriter();

        sink.Write(LogStream.Error, "second\n"u8);
        sink.Write(LogStream.Error, "third\n"u8);
        sink.Write(LogStream.Error, "4\n"u8);
        sink.Flush(TimeSpan.Zero).Should().BeFalse();
        slow.Open();
        sink.Flush();
        sink.Write(LogStream.Error, "fifth\n"u8);
        sink.Flush();

        slow.Text.Should().Be($"""
            first
            second
            2026-01-02 03:04:05.000 {Environment.ProcessId} kserve WARNING [Sidecars.Telemetry.LogSink/LinesDropped] 2 log lines dropped: whoever reads this stream does not keep up
            fifth

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Write_ReaderIsSlow_WaitsForRoom()
    {
        GatedStream slow = new();
        using LogSink sink = new(slow, _output, _time, capacity: 8, maxWait: Timeout.InfiniteTimeSpan);
        sink.Write(LogStream.Error, "first\n"u8);
        slow.WaitForWriter();
        sink.Write(LogStream.Error, "second\n"u8);

        Task third = Task.Run(() => sink.Write(LogStream.Error, "third\n"u8));
        slow.Open();
        await third;
        sink.Flush();

        slow.Text.Should().Be("first\nsecond\nthird\n");
    }

    [Fact]
    public void Write_LineLongerThanTheBuffer_IsWritten()
    {
        using LogSink sink = new(_error, _output, capacity: 8, maxWait: TimeSpan.Zero);

        sink.Write(LogStream.Error, "longer than eight bytes\n"u8);
        sink.Flush();

        Text(_error).Should().Be("longer than eight bytes\n");
    }

    [Fact]
    public void Write_StreamIsClosed_GoesOn()
    {
        using LogSink sink = new(new BrokenStream(), _output);

        sink.Write(LogStream.Error, "lost\n"u8);
        sink.Write(LogStream.Output, "access\n"u8);
        sink.Flush();

        Text(_output).Should().Be("access\n");
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new ObjectDisposedException("stderr");
    }
}
