namespace Sidecars.Explainers.Tests.Anchors;

/// <summary>A model that is a function of the row, with a count of the rows it saw.</summary>
internal sealed class LabelScorer(int features, Func<float[], int> label) : IScorer
{
    private long _rows;
    private long _calls;

    public int Features => features;

    public long Rows => Interlocked.Read(ref _rows);

    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Runs before each call is answered.</summary>
    public Action? OnCall { get; init; }

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        OnCall?.Invoke();
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _rows, rows.Length / features);
        double[] labels = new double[rows.Length / features];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = label(rows.Slice(i * features, features).ToArray());
        }

        return new(new Scores(labels, 1, ScoreKind.Label));
    }
}
