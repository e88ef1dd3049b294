namespace Sidecars.Tool.Check;

/// <summary>What is checked.</summary>
/// <param name="Rest">The server's address; null when only gRPC is asked.</param>
/// <param name="Grpc">Its gRPC address; null when gRPC is not asked.</param>
/// <param name="Model">The model; null when the server lists none.</param>
/// <param name="Sample">What to infer with; null when the model declares nothing and the user gave nothing.</param>
/// <param name="V1Body">A V1 request of the user's; null for none.</param>
internal sealed record CheckTarget(Uri Rest, string? Grpc, string? Model, InferSample? Sample, string? V1Body)
{
    /// <summary>A name that no model has.</summary>
    public const string Unknown = "sidecars-check-no-such-model";

    /// <summary>What a case needs and is not there, in words; null when all is there.</summary>
    public string? Missing(CheckCase @case) => @case.Needs.Select(need => need switch
    {
        "model" when Model is null => "the server lists no model; name one with --model",
        "inputs" when Model is null || Sample is null =>
            "the model declares no inputs that JSON has a form for, or too large ones; give a V2 request with --body",
        "v1body" when Model is null || V1Body is null => "it needs a request that the model understands: --body with instances",
        _ => null,
    }).FirstOrDefault(m => m is not null);

    public string Fill(string text) =>
        text.Replace("{model}", Model, StringComparison.Ordinal).Replace("{unknown}", Unknown, StringComparison.Ordinal);
}
