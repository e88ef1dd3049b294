using System.Runtime.ExceptionServices;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>Explains many rows, several at once, and hands the results over in the rows' order.</summary>
/// <param name="parallel">How many rows are worked on at once.</param>
/// <param name="explain">Makes the line of one row; what it throws ends the run.</param>
/// <param name="write">Takes the lines, one at a time.</param>
internal sealed class BulkRun(int parallel, Func<InputRow, Task<ResultLine>> explain, Action<ResultLine> write)
{
    // Rows that take long let so many others pass before the order makes them wait.
    private const int Ahead = 8;

    /// <summary>Works until the rows are done, or until told to stop: then the rows that were begun are finished.</summary>
    /// <returns>How many rows failed.</returns>
    public async Task<long> RunAsync(IEnumerable<InputRow> rows, CancellationToken stop)
    {
        var begun = new Queue<Task<ResultLine>>();
        var slots = new SemaphoreSlim(parallel);
        long failed = 0;
        ExceptionDispatchInfo? ended = null;
        foreach (InputRow row in rows)
        {
            while (begun.Count > 0 && (begun.Peek().IsCompleted || begun.Count >= parallel * Ahead))
            {
                await WriteNextAsync().ConfigureAwait(false);
            }

            try
            {
                await slots.WaitAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            if (ended is not null || stop.IsCancellationRequested)
            {
                break;
            }

            begun.Enqueue(Task.Run(() => WithinSlotAsync(row, slots), CancellationToken.None));
        }

        while (begun.Count > 0)
        {
            await WriteNextAsync().ConfigureAwait(false);
        }

        ended?.Throw();
        return failed;

        async Task WriteNextAsync()
        {
            ResultLine line;
            try
            {
                line = await begun.Dequeue().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What other rows have by now is still written: it need not be done again.
                ended ??= ExceptionDispatchInfo.Capture(e);
                return;
            }

            write(line);
            failed += line.Failed ? 1 : 0;
        }
    }

    private async Task<ResultLine> WithinSlotAsync(InputRow row, SemaphoreSlim slots)
    {
        try
        {
            return await explain(row).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }
}
