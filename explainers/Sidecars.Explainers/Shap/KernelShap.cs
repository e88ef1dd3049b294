using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers;

/// <summary>
/// Shapley values of any model (Lundberg and Lee, "A unified approach to interpreting model predictions", NeurIPS 2017): the
/// game in which a coalition of features is worth the link of the model's average answer when the row keeps those features
/// and takes the others from the background. Exact where the budget reaches all coalitions. Otherwise coalitions are drawn in
/// pairs, without replacement, by their leverage scores, and values are the posterior mean of a Gaussian process over
/// games, with its standard deviation as their standard error. One object serves any number of calls at once; a row's
/// values depend on that row, the background, the options and the model only.
/// </summary>
public sealed class KernelShap
{
    private readonly Background _background;
    private readonly TimeProvider _time;
    private readonly GameTables _tables;
    private readonly int _mostWorth;

    /// <summary>Takes a background.</summary>
    /// <param name="background">The rows that absent features come from.</param>
    /// <param name="time">The clock for <see cref="ShapOptions.Deadline"/>; null for the system's.</param>
    public KernelShap(Background background, TimeProvider? time = null)
        : this(background, time, ShapLimits.MostCells)
    {
    }

    /// <summary>The same with another limit on how many coalitions' scores are kept at a time.</summary>
    internal KernelShap(Background background, TimeProvider? time, int mostWorth)
    {
        _mostWorth = mostWorth;
        _background = background;
        _time = time ?? TimeProvider.System;
        _tables = new GameTables(background);
    }

    /// <summary>Explains rows.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="rows">The rows, any number from 1.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The values; <see cref="ShapExplanation.Samples"/> is the most coalitions that a row took.</returns>
    /// <exception cref="InferenceException">An option or the rows are wrong, which the message names; or the model failed.</exception>
    public async ValueTask<ShapExplanation> ExplainAsync(
        IScorer scorer, TabularData rows, ShapOptions options, CancellationToken cancellation = default)
    {
        long start = _time.GetTimestamp();
        KernelOptions.Check(scorer, rows, _background, options);
        PlayerSet players = PlayerSet.From(rows.Features, options);

        // 1. The ends of every game: nothing known, and everything known.
        GameEnds ends = await GameEnds.ScoreAsync(scorer, rows, _background, options.Link, cancellation).ConfigureAwait(false);

        ShapLimits.CheckAnswer(rows.Rows, ends.Outputs, players.Count, options.Interactions);
        ShapLimits.CheckCoalitions(options.NSamples, players.Count, rows.Features, ends.Outputs);

        // 2. Each row's players and coalitions.
        Game[] games = [.. Enumerable.Range(0, rows.Rows).Select(row => Start(row, rows, players, options))];

        // 3. Play, round by round, and 4. estimate.
        var result = new KernelResult(games, ends, players.Count, options);
        ShapReporter? reporter = ShapReporter.For(options, _time, rows.Rows, games.Sum(static game => (long)game.Planned));
        using var player = new GamePlayer(scorer, rows, _background, ends.Outputs, reporter);
        bool played = true;
        int begun = 0;
        foreach (Game[] block in Blocks(games, ends.Outputs, options))
        {
            // Each block has its rows' share of the time, and what those before it left.
            begun += block.Length;
            TimeSpan? until = options.Deadline * ((double)begun / games.Length);
            bool InTime() => until is not { } limit || _time.GetElapsedTime(start) < limit;
            played &= await PlayAsync(player, block, result, options, InTime, reporter, cancellation).ConfigureAwait(false);
        }

        return result.ToExplanation(outOfTime: !played);
    }

    private Game Start(int row, TabularData rows, PlayerSet players, ShapOptions options)
    {
        int[] varying = players.Varying(rows[row], _background.Rows);
        CoalitionTable? table = varying.Length < 2 ? null : _tables.For(players, varying, options);
        return options.Interactions && table is { Plan.Pairs.Complete: false }
            ? throw InferenceException.InvalidInput(
                FormattableString.Invariant($"interactions need all 2^{varying.Length} - 2 coalitions: raise nsamples, or group features."))
            : new Game { Row = row, Varying = varying, Table = table, Done = table is null };
    }

    /// <summary>
    /// Games whose rows share calls. With a deadline as many as there is room for, so that they have the same share of the
    /// time; else as few as fill a call. So memory does not grow with the number of rows.
    /// </summary>
    private IEnumerable<Game[]> Blocks(Game[] games, int outputs, ShapOptions options)
    {
        double most = Math.Max(1, 2.0 * games.Max(static game => game.Table?.Plan.Pairs.Count ?? 0));
        double size = options.Deadline is not null ? _mostWorth / (most * outputs)
            : GamePlayer.MostRows / (most * _background.Rows.Rows);
        return games.Chunk((int)Math.Clamp(Math.Ceiling(size), 1, games.Length));
    }

    /// <returns>Whether the games were played to their ends, before the deadline.</returns>
    private async ValueTask<bool> PlayAsync(
        GamePlayer player, Game[] games, KernelResult result, ShapOptions options, Func<bool> inTime, ShapReporter? reporter, CancellationToken cancellation)
    {
        bool played;
        for (int rung = 0; ; rung++)
        {
            Game[] open = [.. games.Where(static game => !game.Done)];
            cancellation.ThrowIfCancellationRequested();
            if (open.Length == 0 || !await player.PlayAsync(open, rung, () => rung == 0 || inTime(), cancellation).ConfigureAwait(false))
            {
                played = open.Length == 0;
                break;
            }

            foreach (Game game in open)
            {
                game.Rung = rung;
                game.Done = rung == game.Table!.Plan.Rungs.Count - 1;
                if (!game.Done && options.StopAt is { } ratio)
                {
                    game.Done = result.IsCertain(game, ratio, out double error);
                    reporter?.Estimated(error, game.Done ? game.Planned - (2 * game.Table.Plan.Rungs[rung]) : 0);
                }
            }
        }

        foreach (Game game in games)
        {
            cancellation.ThrowIfCancellationRequested();
            result.Add(game);
            reporter?.RowDone();
        }

        return played;
    }
}
