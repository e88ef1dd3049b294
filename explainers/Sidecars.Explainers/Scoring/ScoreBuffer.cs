namespace Sidecars.Explainers.Scoring;

/// <summary>The scores of many rows, filled in by one run after the other. How many a row has the first run tells.</summary>
/// <param name="rows">How many rows there are in all.</param>
internal sealed class ScoreBuffer(int rows)
{
    private double[]? _values;

    /// <summary>How many scores a row has; 0 before the first run.</summary>
    public int Outputs { get; private set; }

    public double[] Values => _values ?? [];

    /// <summary>Where the scores of some rows go.</summary>
    /// <param name="from">The first of the rows.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="outputs">How many scores each has.</param>
    /// <exception cref="InferenceException">Other rows have another number.</exception>
    public Span<double> Take(int from, int count, int outputs)
    {
        if (_values is null)
        {
            // Every element is written by some run.
            _values = GC.AllocateUninitializedArray<double>(checked(rows * outputs));
            Outputs = outputs;
        }
        else if (outputs != Outputs)
        {
            throw InferenceException.InferenceError($"the model gave {outputs} scores a row, and {Outputs} before");
        }

        return _values.AsSpan(from * outputs, count * outputs);
    }
}
