namespace Sidecars;

/// <summary>What a model says of one input or output.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Datatype">The type of its elements.</param>
/// <param name="Shape">Its dimensions, outermost first; -1 where any length is meant.</param>
public sealed record TensorMetadata(string Name, Datatype Datatype, params long[] Shape);
