namespace Sidecars.Explainers.Shap;

/// <summary>
/// Which coalitions are played, in which order, and what makes values of them. It depends on nothing but the number of
/// players, the budget and the seed, so that one is made for many rows.
/// </summary>
internal sealed class CoalitionPlan
{
    // The most observations a Gaussian process is conditioned on: more would take longer than most models.
    private const int LearnedAtMost = 2048;
    private const int LearnedOfMore = 1024;

    private readonly Lazy<IShapleyEstimator>[] _estimators;
    private readonly Lazy<L1Estimator>[] _selections;

    private CoalitionPlan(CoalitionPairs pairs, int[] rungs)
    {
        Pairs = pairs;
        Rungs = rungs;
        _estimators = [.. rungs.Select(count => new Lazy<IShapleyEstimator>(() => Estimator(pairs.Take(count))))];
        _selections = [.. rungs.Select(count => new Lazy<L1Estimator>(() => new L1Estimator(pairs.Take(count))))];
    }

    /// <summary>The pairs, in the order they are played.</summary>
    public CoalitionPairs Pairs { get; }

    /// <summary>After how many pairs an answer can be given; the last are all.</summary>
    public IReadOnlyList<int> Rungs { get; }

    /// <summary>About how many bytes this takes once all of it was used.</summary>
    public long Bytes => Rungs.Sum(count => EstimatorBytes(count, Pairs.Players)) + (8L * Pairs.Count * Pairs.Words);

    /// <summary>Makes a plan.</summary>
    /// <param name="players">M, at least 2.</param>
    /// <param name="pairs">The budget in pairs; all are taken where there are no more.</param>
    /// <param name="early">Whether an answer before the end may be asked for.</param>
    /// <param name="seed">What the draws start from.</param>
    public static CoalitionPlan Make(int players, int pairs, bool early, int seed)
    {
        pairs = (int)Math.Min(pairs, CoalitionPairs.CountFor(players));
        bool all = pairs == CoalitionPairs.CountFor(players);
        if (all && !early)
        {
            return new CoalitionPlan(CoalitionPairs.All(players), [pairs]);
        }

        List<int> rungs = [pairs];
        while (early && rungs[0] / 2 >= Math.Max(16, 2 * players))
        {
            rungs.Insert(0, rungs[0] / 2);
        }

        // Beyond a process's reach the pairs it learns from are a rung as well: a sample of their own.
        int[] samples = [.. rungs.Append(LearnedOfMore).Where(count => count <= pairs).Distinct().Order()];
        return new CoalitionPlan(PairSampler.Draw(players, pairs > LearnedAtMost ? samples : rungs, seed), [.. rungs]);
    }

    /// <summary>What makes values of the pairs up to a rung.</summary>
    public IShapleyEstimator EstimatorAt(int rung) => _estimators[rung].Value;

    /// <summary>What makes values of chosen players only.</summary>
    public L1Estimator SelectionAt(int rung) => _selections[rung].Value;

    private static IShapleyEstimator Estimator(CoalitionPairs pairs) =>
        pairs.Complete ? new ExactEstimator(pairs)
        : pairs.Count <= LearnedAtMost ? new BayesianEstimator(pairs)
        : new AdjustedEstimator(pairs, LearnedOfMore);

    private static long EstimatorBytes(int pairs, int players)
    {
        long learned = Math.Min(pairs, LearnedAtMost);
        return 8 * ((3 * ((learned * learned / 2) + (3 * learned * players))) + ((long)pairs * (players + 2)));
    }
}
