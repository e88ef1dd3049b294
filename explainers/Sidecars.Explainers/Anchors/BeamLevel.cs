using MathNet.Numerics.Distributions;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// One length of rules (Ribeiro et al. 2018, Algorithm 2, one turn of its loop): every candidate is drawn a little, the
/// critical ones more, and the best are kept to grow.
/// </summary>
/// <param name="empty">The rule without conditions, drawn.</param>
/// <param name="prospects">What rules promise.</param>
/// <param name="puller">Draws and scores.</param>
/// <param name="options">How to search.</param>
/// <param name="expired">Whether the deadline has passed.</param>
internal sealed class BeamLevel(Arm empty, Prospects prospects, ArmPuller puller, AnchorTabularOptions options, Func<bool> expired)
{
    // A condition that nearly every row fulfils is not for free, and one that none does is not beyond all bounds.
    private const double Slack = 0.1;
    private const double LeastCoverage = 1e-9;

    /// <summary>Draws the candidates and chooses the next beam.</summary>
    public async ValueTask<List<Arm>> ChooseAsync(List<Arm> candidates)
    {
        await puller.ScoutAsync(candidates).ConfigureAwait(false);
        int size = Math.Min(options.BeamSize, candidates.Count);
        for (int t = 1; t <= SearchBudget.Rounds && !expired(); t++)
        {
            List<Arm> open = prospects.Contenders(candidates);
            IEnumerable<Arm> critical = t <= SearchBudget.LucbRounds ? Critical(candidates, size, t).Except(open) : [];
            List<(Arm, int)> draw = [.. open.Select(a => (a, options.BatchSize)), .. critical.Select(static a => (a, SearchBudget.FirstLook))];
            if (draw.Count == 0)
            {
                break;
            }

            await puller.PullAsync(draw).ConfigureAwait(false);
        }

        List<(Arm Arm, double Gain)> ranked = [.. candidates.Select(a => (a, Gain(a)))];
        ranked.Sort(static (a, b) => b.Gain.CompareTo(a.Gain) is var gain and not 0 ? gain : Arm.ByMean(a.Arm, b.Arm));
        return [.. ranked.Take(size).Select(static r => r.Arm)];
    }

    /// <summary>The two arms on which the choice of the best turns, unless it is good enough already.</summary>
    private Arm[] Critical(List<Arm> candidates, int size, int round)
    {
        if (size == candidates.Count)
        {
            return [];
        }

        (Arm weakest, Arm strongest, double overlap) =
            KlLucb.Split(candidates, size, KlLucb.Beta(candidates.Count, round, options.Delta));
        return overlap > options.Tau ? [weakest, strongest] : [];
    }

    /// <summary>
    /// What a rule gains in precision, on the probit scale where effects roughly add up, for the square root of what it
    /// loses in coverage, on the log scale where they do. By precision alone the beam would run for narrow rules.
    /// </summary>
    private double Gain(Arm arm) =>
        (Probit(arm) - Probit(empty)) / Math.Sqrt(Slack - Math.Log(Math.Max(arm.Coverage, LeastCoverage)));

    private static double Probit(Arm arm) => Normal.InvCDF(0, 1, arm.Expected);
}
