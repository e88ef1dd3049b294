namespace Sidecars.Explainers.Server.Explain;

/// <summary>One row to explain.</summary>
/// <param name="Number">Its place in the input, from 0.</param>
/// <param name="Values">Its values; null when they cannot be read.</param>
/// <param name="Error">Why they cannot be read.</param>
internal readonly record struct InputRow(long Number, float[]? Values, string? Error);
