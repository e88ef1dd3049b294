namespace Sidecars.Explainers.Shap;

/// <summary>
/// Goes through the rows of an exact method, block by block and on several threads. What it gives out has no "best so far":
/// where its time is over before all rows were begun it ends with an error. The first block is always played, so that a row
/// alone has its answer however little time there was.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="deadline">How long it may take, from now on; null for as long as it takes.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class RowBlocks(TimeProvider time, TimeSpan? deadline, CancellationToken cancellation)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Gives up; asked for within blocks that take long.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Plays blocks.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="block">How many make a block.</param>
    /// <param name="play">Plays the rows from one up to, and not with, another.</param>
    /// <exception cref="InferenceException">The time is over, or a row was refused.</exception>
    public void Play(int rows, int block, Action<int, int> play)
    {
        cancellation.ThrowIfCancellationRequested();
        if (rows <= block)
        {
            if (rows > 0)
            {
                play(0, rows);
            }

            return;
        }

        try
        {
            Parallel.For(0, (rows + block - 1) / block, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                int start = i * block;
                CheckTime(start);
                play(start, Math.Min(start + block, rows));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<InferenceException>().FirstOrDefault() is { } refused)
        {
            throw refused;
        }
    }

    /// <summary>Whether a row may begin.</summary>
    /// <exception cref="InferenceException">The time is over, and this is not the first.</exception>
    public void CheckTime(int row)
    {
        cancellation.ThrowIfCancellationRequested();
        if (row > 0 && deadline is { } limit && time.GetElapsedTime(_start) >= limit)
        {
            throw new InferenceException(
                ErrorKind.DeadlineExceeded,
                "The deadline passed before all rows were explained, and exact values have no best so far: ask for fewer rows at a time, or give more time.");
        }
    }
}
