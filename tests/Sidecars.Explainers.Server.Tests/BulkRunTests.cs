using System.Text;
using Sidecars.Explainers.Server.Explain;

namespace Sidecars.Explainers.Server.Tests;

public sealed class BulkRunTests
{
    private readonly List<string> _written = [];

    [Fact]
    public async Task Run_WhoseRowsEndInAnyOrder_WritesThemInOrder()
    {
        var last = new TaskCompletionSource();
        var run = new BulkRun(4, async row =>
        {
            // The first row ends only when the fourth has.
            if (row.Number == 0)
            {
                await last.Task;
            }
            else if (row.Number == 3)
            {
                last.SetResult();
            }

            return Line(row);
        }, Write);

        (await run.RunAsync(Rows(20), CancellationToken.None)).Should().Be(0);

        _written.Should().Equal(Enumerable.Range(0, 20).Select(static i => $"{i}"));
    }

    [Fact]
    public async Task Run_OfRowsInParallel_NeverHasMoreAtOnce()
    {
        int now = 0, most = 0;
        var gate = new TaskCompletionSource();
        var run = new BulkRun(3, async row =>
        {
            int count = Interlocked.Increment(ref now);
            InterlockedMax(ref most, count);
            if (count == 3)
            {
                gate.TrySetResult();
            }

            await gate.Task;
            Interlocked.Decrement(ref now);
            return Line(row);
        }, Write);

        await run.RunAsync(Rows(30), CancellationToken.None);

        most.Should().Be(3);
        _written.Should().HaveCount(30);
    }

    [Fact]
    public async Task Run_ToldToStop_FinishesTheRowsItBegan()
    {
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var run = new BulkRun(2, async row =>
        {
            if (row.Number == 1)
            {
                begun.SetResult();
            }

            await release.Task;
            return Line(row);
        }, Write);

        Task<long> running = run.RunAsync(Rows(100), stop.Token);
        await begun.Task;
        await stop.CancelAsync();
        release.SetResult();
        await running;

        _written.Should().Equal("0", "1");
    }

    [Fact]
    public async Task Run_ThatCannotGoOn_WritesWhatIsDoneAndThrows()
    {
        var run = new BulkRun(1, row => row.Number == 5 ? throw new InvalidOperationException("gone") : Task.FromResult(Line(row)), Write);

        await FluentActions.Awaiting(() => run.RunAsync(Rows(100), CancellationToken.None)).Should().ThrowAsync<InvalidOperationException>().WithMessage("gone");

        _written.Take(5).Should().Equal("0", "1", "2", "3", "4");
        _written.Should().HaveCountLessThan(20);
    }

    [Fact]
    public async Task Run_OfRowsThatFail_CountsThem()
    {
        var run = new BulkRun(2, row => Task.FromResult(Line(row) with { Failed = row.Number % 3 == 0 }), Write);

        (await run.RunAsync(Rows(10), CancellationToken.None)).Should().Be(4);
    }

    private static IEnumerable<InputRow> Rows(int count) => Enumerable.Range(0, count).Select(static i => new InputRow(i, [i], null));

    private static ResultLine Line(InputRow row) => new(Encoding.UTF8.GetBytes($"{row.Number}"), Failed: false);

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = most; value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = most)
        {
        }
    }

    private void Write(ResultLine line) => _written.Add(Encoding.UTF8.GetString(line.Utf8.Span));
}
