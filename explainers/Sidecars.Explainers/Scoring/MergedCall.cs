namespace Sidecars.Explainers.Scoring;

/// <summary>One caller's rows on their way through merged runs. What changes, changes under the merger's lock.</summary>
internal sealed class MergedCall(ReadOnlyMemory<float> rows, int count, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<Scores> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScoreBuffer _scores = new(count);
    private ScoreKind _kind;
    private int _scored;

    public ReadOnlyMemory<float> Rows { get; } = rows;

    public int Count { get; } = count;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Its place in the queue, while rows of it wait.</summary>
    public LinkedListNode<MergedCall>? Place { get; set; }

    /// <summary>How many of its rows were given to a run.</summary>
    public int Sent { get; set; }

    /// <summary>Stops listening to the caller's cancellation.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>The run that reads the caller's own memory right now; the call is not over before it is.</summary>
    public MergedRun? ReadBy { get; set; }

    public int Waiting => Count - Sent;

    public bool IsOver => _done.Task.IsCompleted;

    public Task<Scores> Task => _done.Task;

    /// <summary>Takes the scores of some rows; the last ones end the call.</summary>
    public void Take(int from, int count, in Scores part, int partFrom)
    {
        Span<double> to = _scores.Take(from, count, part.Outputs);
        part.Values.Span.Slice(partFrom * part.Outputs, to.Length).CopyTo(to);
        _kind = part.Kind;
        _scored += count;
        if (_scored == Count)
        {
            End(new Scores(_scores.Values, _scores.Outputs, _kind));
        }
    }

    public void End(in Scores scores)
    {
        Registration.Unregister();
        _done.TrySetResult(scores);
    }

    public void Fail(Exception e)
    {
        Registration.Unregister();
        if (e is OperationCanceledException && Cancellation.IsCancellationRequested)
        {
            _done.TrySetCanceled(Cancellation);
        }
        else
        {
            _done.TrySetException(e);
        }
    }

    public void Cancel() => _done.TrySetCanceled(Cancellation);
}
