namespace Sidecars.Telemetry;

/// <summary>What an error is counted under.</summary>
/// <param name="ModelName">The model.</param>
/// <param name="Stage">Where in the pipeline it happened.</param>
/// <param name="Kind">What went wrong.</param>
internal readonly record struct ErrorLabels(string ModelName, string Stage, string Kind)
{
    public KeyValuePair<string, string>[] ToArray() =>
        [new("kind", Kind), new("model_name", ModelName), new("stage", Stage)];
}
