namespace Sidecars.Tool.Check;

/// <summary>What came of one case.</summary>
internal sealed record CheckResult(CheckCase Case, CheckOutcome Outcome)
{
    public string? Sent { get; init; }

    /// <summary>What was expected and is not so.</summary>
    public string? Expected { get; init; }

    /// <summary>What came instead; for a case not asked, why.</summary>
    public string? Got { get; init; }

    /// <summary>What may be the reason, when it need not be the server; null for none.</summary>
    public string? Hint { get; init; }
}
