namespace Sidecars;

/// <summary>One of the outputs that a V2 or gRPC caller asked for.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="BinaryData">Whether it shall come as a binary tensor; null when the caller did not say.</param>
/// <param name="Parameters">The caller's other parameters for this output.</param>
public sealed record RequestedOutput(
    string Name,
    bool? BinaryData = null,
    IReadOnlyDictionary<string, object>? Parameters = null);
