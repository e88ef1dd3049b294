namespace Sidecars.Explainers.Anchors;

/// <summary>
/// What the search spends where, found by measuring width against rows. None of it touches the promise, which the final
/// test alone decides.
/// </summary>
internal static class SearchBudget
{
    /// <summary>How many rows a rule gets when it is first looked at.</summary>
    public const int FirstLook = 32;

    /// <summary>After how many rows a rule is known well enough to test it or to leave it.</summary>
    public const int Known = 400;

    /// <summary>How many rules at most get more rows in one call.</summary>
    public const int Contenders = 4;

    /// <summary>How often the candidates of one length are looked at again.</summary>
    public const int Rounds = 2;

    /// <summary>
    /// How many of those rounds draw KL-LUCB's two critical arms. Run to its end it takes more rows than all the rest, to
    /// tell apart arms that it hardly matters to confuse.
    /// </summary>
    public const int LucbRounds = 1;

    /// <summary>β of the upper bound by which a rule is still in the running.</summary>
    public const double Optimism = 0.7;

    /// <summary>From which chance to pass on a rule is worth testing.</summary>
    public const double WorthTesting = 0.5;
}
