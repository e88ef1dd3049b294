namespace Sidecars.Explainers;

/// <summary>What the columns of a table and the classes of its model are called.</summary>
/// <param name="Features">The columns, in the model's order.</param>
/// <param name="Classes">The names of the classes, in the order of their indices; null for a regression, or where nobody named them.</param>
public sealed record TabularSchema(IReadOnlyList<TabularFeature> Features, IReadOnlyList<string>? Classes = null);
