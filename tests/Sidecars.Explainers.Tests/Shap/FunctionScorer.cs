namespace Sidecars.Explainers.Tests.Shap;

/// <summary>A model that is a function of a row; it counts its calls and rows.</summary>
internal sealed class FunctionScorer(int features, Func<float[], double[]> model, ScoreKind kind = ScoreKind.Value) : IScorer
{
    private int _calls;
    private long _rows;

    public int Features => features;

    public int Calls => _calls;

    public long Rows => _rows;

    /// <summary>Hears how many rows each call has.</summary>
    public Action<int>? OnCall { get; init; }

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        OnCall?.Invoke(rows.Length / features);
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _rows, rows.Length / features);
        double[][] scores = [.. rows.ToArray().Chunk(features).Select(model)];
        return new(new Scores(scores.SelectMany(static s => s).ToArray(), scores[0].Length, kind));
    }
}
