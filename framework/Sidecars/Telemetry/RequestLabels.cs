namespace Sidecars.Telemetry;

/// <summary>What a finished request is counted under. Only names of registered models belong here, for every
/// combination stays.</summary>
/// <param name="ModelName">The model.</param>
/// <param name="Verb">What was asked of it: predict, explain.</param>
/// <param name="Protocol">The caller's protocol: v1, v2, grpc-v2.</param>
/// <param name="Outcome">How it ended.</param>
internal readonly record struct RequestLabels(string ModelName, string Verb, string Protocol, string Outcome)
{
    public KeyValuePair<string, string>[] ToArray() =>
        [new("model_name", ModelName), new("outcome", Outcome), new("protocol", Protocol), new("verb", Verb)];
}
