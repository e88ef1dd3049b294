namespace Sidecars.Explainers;

/// <summary>One column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">The names of its categories, whose codes are 0, 1, 2, …; null for a numeric feature.</param>
public sealed record TabularFeature(string Name, IReadOnlyList<string>? Categories = null)
{
    /// <summary>Whether its values are codes of categories.</summary>
    public bool IsCategorical => Categories is not null;
}
