namespace Company.Namespace;

/// <summary>What callers get for a customer.</summary>
internal sealed record ChurnAnswer(double ChurnProbability, string RiskTier);
