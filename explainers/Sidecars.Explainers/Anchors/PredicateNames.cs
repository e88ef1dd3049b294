using System.Globalization;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// Conditions as text, every bound with as many digits as it takes to part the same float32 values. A bound that is a
/// float32 itself is written as the values of the data are: 25.425, not 25.425000190734863.
/// </summary>
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

    /// <summary>A category's name; its code where it has none.</summary>
    public static string Category(TabularFeature feature, int code) =>
        feature.Categories is { } names && code >= 0 && code < names.Count
            ? names[code]
            : code.ToString(CultureInfo.InvariantCulture);

    /// <summary>A bound.</summary>
    public static string Digits(double bound)
    {
        float single = (float)bound;
        if (single == bound || !float.IsFinite(single))
        {
            return single.ToString("R", CultureInfo.InvariantCulture);
        }

        // Between two float32 values: the fewest digits that stay between them.
        float below = single < bound ? single : MathF.BitDecrement(single);
        float above = MathF.BitIncrement(below);
        for (int digits = 1; digits < 17; digits++)
        {
            string text = bound.ToString($"G{digits}", CultureInfo.InvariantCulture);
            double read = double.Parse(text, CultureInfo.InvariantCulture);
            if (read > below && read < above)
            {
                return read.ToString("R", CultureInfo.InvariantCulture);
            }
        }

        return bound.ToString("R", CultureInfo.InvariantCulture);
    }
}
