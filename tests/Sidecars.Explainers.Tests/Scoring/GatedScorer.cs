using System.Threading.Channels;

namespace Sidecars.Explainers.Tests.Scoring;

/// <summary>A model whose runs a test sees and lets go on one by one. A row's score is twice its only feature.</summary>
internal sealed class GatedScorer : IScorer
{
    private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Features => 1;

    /// <summary>The features of rows that make a run fail.</summary>
    public HashSet<float> Poison { get; } = [];

    public async ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        var run = new Run(rows.ToArray(), cancellation);
        _runs.Writer.TryWrite(run);
        await Task.WhenAny(run.Gate.Task, _open.Task).WaitAsync(cancellation).ConfigureAwait(false);
        return run.Rows.FirstOrDefault(Poison.Contains) is var bad and not 0
            ? throw InferenceException.InvalidInput($"row {bad} is poison")
            : new Scores(Array.ConvertAll(run.Rows, static r => 2.0 * r), 1, ScoreKind.Value);
    }

    /// <summary>Waits for the next run.</summary>
    public ValueTask<Run> NextAsync() => _runs.Reader.ReadAsync();

    /// <summary>Whether a run is there that nobody has waited for.</summary>
    public bool HasNext => _runs.Reader.TryPeek(out _);

    /// <summary>Lets everything go, now and later: the test is over.</summary>
    public void OpenAll() => _open.TrySetResult();

    internal sealed record Run(float[] Rows, CancellationToken Cancellation)
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Finish() => Gate.TrySetResult();
    }
}
