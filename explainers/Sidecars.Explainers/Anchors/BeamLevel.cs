using MathNet.Numerics.Distributions;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// One length of rules (Ribeiro et al. 2018, Algorithm 2, one turn of its loop): every candidate is drawn a little, the
/// critical ones more, and the best are kept to grow.
/// </summary>
internal sealed class BeamLevel(Arm empty, Prospects prospects, ArmPuller puller, AnchorTabularOptions options, Func<bool> expired)
{
    /// <summary>Draws the candidates and chooses the next beam.</summary>
    public async ValueTask<List<Arm>> ChooseAsync(List<Arm> candidates)
    {
        await puller.ScoutAsync(candidates).ConfigureAwait(false);
        int size = Math.Min(options.BeamSize, candidates.Count);
        for (int t = 1; t <= Tuning.LevelRounds && !expired(); t++)
        {
            List<Arm> draw = [.. prospects.Contenders(candidates).Union(t <= Tuning.Rounds ? Critical(candidates, size, t) : [])];
            if (draw.Count == 0)
            {
                break;
            }

            await puller.PullAsync([.. draw.Select(a => (a, options.BatchSize))]).ConfigureAwait(false);
        }

        candidates.Sort(Arm.ByMean);
        if (Tuning.Mode == 0)
        {
            return candidates[..size];
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

    private double Gain(Arm arm) => (Probit(arm) - Probit(empty)) / Math.Pow(0.1 - Math.Log(Math.Max(arm.Coverage, 1e-9)), Tuning.Power);

    private static double Probit(Arm arm) => Normal.InvCDF(0, 1, arm.Expected);
}
