namespace Company.Namespace;

/// <summary>The predictor's features, in the order it was trained with. Callers name their fields so.</summary>
internal static class ChurnFeatures
{
    public static IReadOnlyList<string> Names { get; } = ["age", "tenure_days", "monthly_spend", "support_tickets", "last_login_days"];
}
