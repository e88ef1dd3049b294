namespace Sidecars.Protocol;

/// <summary>What a V2 or gRPC payload says besides its tensors.</summary>
internal sealed record InferHead(
    string? Id = null,
    string? ModelName = null,
    string? ModelVersion = null,
    IReadOnlyDictionary<string, object>? Parameters = null,
    IReadOnlyList<RequestedOutput>? RequestedOutputs = null,
    bool RawContents = false)
{
    public static readonly InferHead Empty = new();

    /// <summary>The request-level wish for binary tensors in the answer.</summary>
    public bool BinaryDataOutput => Parameters is not null
        && Parameters.TryGetValue("binary_data_output", out object? value)
        && value is true or 1L or "true" or "yes";
}
