namespace Sidecars.Explainers.Graphs;

/// <summary>Says within the reader why a graph is no plain tree ensemble; it never leaves it.</summary>
internal sealed class NotPlainTreesException(string reason) : Exception(reason);
