namespace Sidecars;

/// <summary>What a server says of one model: the answer of <c>GET /v2/models/{name}</c>.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Platform">The framework behind it, such as <c>onnxruntime</c>; empty when it does not say.</param>
/// <param name="Inputs">Its inputs, in order; empty when it does not say.</param>
/// <param name="Outputs">Its outputs, in order; empty when it does not say.</param>
public sealed record ModelMetadata(
    string Name,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs);
