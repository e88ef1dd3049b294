using System.Globalization;

namespace Sidecars.Explainers.Anchors;

/// <summary>Conditions as text, every bound with as many digits as it takes to read the same number back.</summary>
internal static class PredicateNames
{
    /// <summary><c>28 &lt; Age &lt;= 37</c>, <c>Age &gt; 48</c>, <c>Sex = Male</c>.</summary>
    public static string Name(AnchorPredicate predicate, TabularSchema schema)
    {
        TabularFeature feature = schema.Features[predicate.Feature];
        return predicate switch
        {
            { Equal: { } code } => $"{feature.Name} = {Category(feature, code)}",
            { Gt: { } low, Le: { } high } => $"{Digits(low)} < {feature.Name} <= {Digits(high)}",
            { Gt: { } low } => $"{feature.Name} > {Digits(low)}",
            _ => $"{feature.Name} <= {Digits(predicate.Le!.Value)}",
        };
    }

    private static string Category(TabularFeature feature, int code) =>
        feature.Categories is { } names && code >= 0 && code < names.Count
            ? names[code]
            : code.ToString(CultureInfo.InvariantCulture);

    private static string Digits(double bound) => bound.ToString("R", CultureInfo.InvariantCulture);
}
