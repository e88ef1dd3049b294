using Sidecars.Explainers.Anchors;

namespace Sidecars.Explainers.Answers;

/// <summary>A condition of a rule as it is read: <c>28 &lt; Age ≤ 37</c>, in a row where Age is 31.</summary>
/// <param name="Feature">Its column.</param>
/// <param name="Before">What stands before the name, "28 &lt;"; empty for most.</param>
/// <param name="Name">The column's name.</param>
/// <param name="After">What stands after it, "≤ 37".</param>
/// <param name="Value">What the explained row has there.</param>
internal sealed record AnchorCondition(int Feature, string Before, string Name, string After, string Value)
{
    /// <summary>Keeps a bound beside its sign.</summary>
    private const string Glue = "\u00a0";

    /// <summary>All of it on one line.</summary>
    public string Text => Before.Length == 0 ? $"{Name} {After}" : $"{Before} {Name} {After}";

    public static AnchorCondition Of(AnchorPredicate predicate, TabularSchema schema, ReadOnlySpan<float> row)
    {
        TabularFeature feature = schema.Features[predicate.Feature];
        (string before, string after) = predicate switch
        {
            { Equal: { } code } => ("", $"= {PredicateNames.Category(feature, code)}"),
            { Gt: { } low, Le: { } high } => ($"{Bound(low)}{Glue}<", $"≤{Glue}{Bound(high)}"),
            { Gt: { } low } => ("", $">{Glue}{Bound(low)}"),
            _ => ("", $"≤{Glue}{Bound(predicate.Le!.Value)}"),
        };
        return new AnchorCondition(predicate.Feature, before, feature.Name, after, NumberText.Cell(feature, row[predicate.Feature]));
    }

    private static string Bound(double bound) => PredicateNames.Digits(bound).Replace("-", NumberText.Minus, StringComparison.Ordinal);
}
