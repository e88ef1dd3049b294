namespace Sidecars.Explainers.Anchors;

/// <summary>
/// What rules promise: coverage times the chance to pass the final test. The search looks for the largest such value,
/// and draws more of those rules only that could still turn out to have it.
/// </summary>
/// <param name="pool">The rules.</param>
/// <param name="test">The final test.</param>
internal sealed class Prospects(ArmPool pool, PrecisionTest test)
{
    private readonly HashSet<Arm> _tested = [];
    private readonly Dictionary<Arm, (long Samples, int Test, double Chance)> _chances = [];

    /// <summary>Takes a rule out: it has been tested.</summary>
    public void Close(Arm arm) => _tested.Add(arm);

    /// <summary>The rule that promises most of those that rather pass the test than fail; null when there is none.</summary>
    public Arm? Best()
    {
        Arm? best = null;
        double most = 0;
        foreach (Arm arm in pool.Arms)
        {
            if (arm.Samples > 0 && arm.Mean >= test.Needed && !_tested.Contains(arm) && Chance(arm) is var chance && chance >= SearchBudget.WorthTesting)
            {
                double value = arm.Coverage * chance;
                if (best is null || value > most || (value == most && Arm.ByCoverage(arm, best) < 0))
                {
                    (best, most) = (arm, value);
                }
            }
        }

        return best;
    }

    /// <summary>
    /// The rules to draw next: those that cover more than the best promises and whose upper bound reaches what the test
    /// needs, the most promising first; and the best one itself until enough is known of it.
    /// </summary>
    public List<Arm> Contenders(IReadOnlyList<Arm> arms)
    {
        Arm? best = Best();
        double most = best is null ? 0 : best.Coverage * Chance(best);
        List<(Arm Arm, double Value)> open = [];
        foreach (Arm arm in arms)
        {
            if (_tested.Contains(arm) || arm.Samples >= SearchBudget.Known)
            {
                continue;
            }

            if (arm == best || (arm.Coverage > most && Reaches(arm)))
            {
                open.Add((arm, arm.Coverage * Chance(arm)));
            }
        }

        open.Sort(static (a, b) => b.Value.CompareTo(a.Value) is var value and not 0 ? value : Arm.ByCoverage(a.Arm, b.Arm));
        return [.. open.Take(SearchBudget.Contenders).Select(static o => o.Arm)];
    }

    /// <summary>Whether u = max { q : n · KL(p̂, q) ≤ β } is at least the precision needed.</summary>
    private bool Reaches(Arm arm) =>
        arm.Mean >= test.Needed || arm.Samples * KlBounds.Divergence(arm.Mean, test.Needed) <= SearchBudget.Optimism;

    /// <summary>How likely a rule passes the test; worked out once for what is known of it.</summary>
    private double Chance(Arm arm)
    {
        if (!_chances.TryGetValue(arm, out var known) || known.Samples != arm.Samples || known.Test != test.Tests)
        {
            _chances[arm] = known = (arm.Samples, test.Tests, test.Chance(arm.Successes, arm.Samples));
        }

        return known.Chance;
    }
}
