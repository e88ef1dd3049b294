namespace Sidecars.Explainers.Anchors;

/// <summary>
/// The search for the anchor of one row:
/// <list type="number">
/// <item>score the row, the empty rule and every single condition, in one call;</item>
/// <item>grow rules by one condition at a time, keeping a beam of the best (Ribeiro et al. 2018, Algorithm 2);</item>
/// <item>once a rule promises to pass, see whether it also does with less;</item>
/// <item>test it on fresh rows: it passes, or the search goes on with what is left.</item>
/// </list>
/// A rule's samples are its own, drawn from D(z | rule); none is taken over from the rule it grew from, whose samples have
/// another distribution even where the longer rule holds.
/// </summary>
internal sealed class AnchorSearch
{
    private readonly AnchorTabularOptions _options;
    private readonly ArmPool _pool;
    private readonly ArmPuller _puller;
    private readonly Func<bool> _expired;
    private readonly PrecisionTest _test;
    private readonly Prospects _prospects;
    private readonly BeamLevel _level;

    /// <summary>Prepares a search.</summary>
    /// <param name="empty">The rule without conditions.</param>
    /// <param name="pool">The rules.</param>
    /// <param name="puller">Draws and scores.</param>
    /// <param name="options">How to search.</param>
    /// <param name="expired">Whether the deadline has passed; asked between calls.</param>
    public AnchorSearch(Rule empty, ArmPool pool, ArmPuller puller, AnchorTabularOptions options, Func<bool> expired)
    {
        _options = options;
        _pool = pool;
        _puller = puller;
        _expired = expired;
        _test = new PrecisionTest(options.Threshold, options.Delta / 2);
        _prospects = new Prospects(pool, _test);
        Empty = pool.Find(empty);
        _level = new BeamLevel(Empty, _prospects, puller, options, expired);
    }

    /// <summary>The rule without conditions.</summary>
    public Arm Empty { get; }

    /// <summary>Searches.</summary>
    /// <returns>The rule with the samples that speak for it: the fresh ones, or the search's when there was no time.</returns>
    public async ValueTask<(Arm Evidence, AnchorStatus Status)> RunAsync()
    {
        // 1.
        List<Arm> beam = [Empty];
        List<Arm> candidates = _pool.Extend(beam, -1);
        await _puller.StartAsync(Empty, _options.MinSamplesStart, candidates).ConfigureAwait(false);
        bool growing = true;
        while (!_expired())
        {
            growing &= _pool.HasRoom;

            // 2.
            if (growing && _prospects.Best() is var known && (known is null || Promising(beam, known)))
            {
                candidates = _pool.Extend(beam, known?.Coverage ?? -1);
                if (candidates.Count > 0)
                {
                    beam = await _level.ChooseAsync(candidates).ConfigureAwait(false);
                    continue;
                }

                growing = known is not null;
            }

            // 3.
            Arm? candidate = await RelaxAsync().ConfigureAwait(false);
            if (candidate is null && !growing)
            {
                return (await CheckAsync(MostPrecise()).ConfigureAwait(false), AnchorStatus.NotMet);
            }

            // 4.
            if (candidate is not null)
            {
                if (await TestAsync(candidate).ConfigureAwait(false) is { } fresh)
                {
                    return (fresh, AnchorStatus.Met);
                }

                // It came close: one condition more may do.
                beam = [candidate, .. beam.Where(a => a != candidate).Take(_options.BeamSize)];
                growing = true;
            }
        }

        return (_prospects.Best() ?? MostPrecise(), AnchorStatus.OutOfTime);
    }

    /// <summary>What is known so far, once the first rows are drawn; asking changes nothing.</summary>
    public AnchorProgress Standing()
    {
        Arm arm = _prospects.Best() ?? MostPrecise();
        return new AnchorProgress(
            arm.Rule.Predicates(),
            arm.Mean,
            PrecisionTest.Interval(arm.Successes, arm.Samples, 1 - _options.Delta),
            arm.Coverage,
            _puller.Predictions);
    }

    /// <summary>Whether a longer rule could cover more than the best one known.</summary>
    private bool Promising(List<Arm> beam, Arm best) => !_options.StopOnFirst && beam.Exists(a => a.Coverage > best.Coverage);

    /// <summary>Asks less of the best rule, for as long as that promises more; null when nothing promises to pass.</summary>
    private async ValueTask<Arm?> RelaxAsync()
    {
        while (!_expired() && _prospects.Best() is { } best)
        {
            List<Arm> near = [best, .. _pool.Relax(best).Where(a => a.Coverage > best.Coverage)];
            await _puller.ScoutAsync(near).ConfigureAwait(false);
            while (!_expired() && _prospects.Contenders(near) is { Count: > 0 } draw)
            {
                await _puller.PullAsync([.. draw.Select(a => (a, _options.BatchSize))]).ConfigureAwait(false);
            }

            if (_prospects.Best() == best)
            {
                return best;
            }
        }

        return null;
    }

    /// <summary>Draws fresh rows and decides; the rows count as the rule's only evidence. Null when it fails.</summary>
    private async ValueTask<Arm?> TestAsync(Arm arm)
    {
        Arm fresh = _pool.Fresh(arm.Rule);
        await _puller.TestAsync(fresh, _test.Rows(arm.Expected), _pool.Prefixes(arm.Rule)).ConfigureAwait(false);
        _prospects.Close(arm);
        return _test.Accepts(fresh.Successes, fresh.Samples) ? fresh : null;
    }

    /// <summary>The rule that is surely the most precise, when none is precise enough.</summary>
    private Arm MostPrecise() =>
        _pool.Arms.Where(static a => a.Samples > 0).MaxBy(static a => (KlBounds.Lower(a.Mean, a.Samples, 2), a.Coverage))!;

    /// <summary>Draws fresh rows for a rule that will be returned whatever they say.</summary>
    private async ValueTask<Arm> CheckAsync(Arm arm)
    {
        Arm fresh = _pool.Fresh(arm.Rule);
        await _puller.TestAsync(fresh, PrecisionTest.ReportRows, _pool.Prefixes(arm.Rule)).ConfigureAwait(false);
        return fresh;
    }
}
