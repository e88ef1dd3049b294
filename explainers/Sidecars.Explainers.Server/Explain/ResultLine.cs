namespace Sidecars.Explainers.Server.Explain;

/// <summary>One line of results, with its line break.</summary>
/// <param name="Utf8">The line.</param>
/// <param name="Failed">Whether it says why there is no explanation.</param>
internal readonly record struct ResultLine(ReadOnlyMemory<byte> Utf8, bool Failed);
