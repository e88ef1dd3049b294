using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Progress;

namespace Sidecars.Explainers.Tests.Progress;

public sealed class ReportPaceTests
{
    [Fact]
    public void Try_WithinFiftyMilliseconds_LetsOneThrough()
    {
        var time = new FakeTimeProvider();
        var pace = new ReportPace(time);
        List<int> at = [];
        for (int ms = 0; ms < 200; ms += 10)
        {
            pace.Try(() => at.Add(ms));
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        at.Should().Equal(0, 50, 100, 150);
    }

    [Fact]
    public async Task Try_WhileAnotherReports_DoesNotWait()
    {
        var time = new FakeTimeProvider();
        var pace = new ReportPace(time);
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        Task first = Task.Run(() => pace.Try(() =>
        {
            inside.Set();
            leave.Wait();
        }));
        inside.Wait();
        time.Advance(TimeSpan.FromSeconds(1));
        bool second = false;
        pace.Try(() => second = true);
        leave.Set();
        await first;
        second.Should().BeFalse();
    }
}
