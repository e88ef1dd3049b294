namespace Sidecars;

/// <summary>What goes along with one request to a predictor.</summary>
/// <param name="ModelName">The model's name on the predictor.</param>
public readonly record struct PredictorCall(string ModelName)
{
    /// <summary>Headers (REST) or metadata (gRPC) to send; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>How long it may take from now; null leaves it to the predictor's own limit.</summary>
    public TimeSpan? Timeout { get; init; }
}
