namespace Sidecars.Explainers.Shap;

/// <summary>Puts the values of many games together.</summary>
internal sealed class KernelResult
{
    private readonly GameEnds _ends;
    private readonly ShapOptions _options;
    private readonly L1Mode _l1;
    private readonly int _players;
    private readonly int _rows;
    private readonly double[] _values;
    private readonly double[] _errors;
    private readonly double[]? _interactions;
    private bool _exact = true;
    private int _samples;

    public KernelResult(IReadOnlyList<Game> games, GameEnds ends, int players, ShapOptions options)
    {
        _ends = ends;
        _options = options;
        _l1 = L1Mode.Parse(options.L1Reg);
        _players = players;
        _rows = games.Count;
        _values = new double[_rows * ends.Outputs * players];
        _errors = new double[_values.Length];
        _interactions = options.Interactions ? new double[(long)_values.Length * players] : null;
    }

    /// <summary>Whether a game's largest standard error is below a share of the spread of its values, for every output.</summary>
    /// <param name="game">The game.</param>
    /// <param name="ratio">The share.</param>
    /// <param name="largest">The largest standard error of the outputs up to the first that is not certain.</param>
    public bool IsCertain(Game game, double ratio, out double largest)
    {
        largest = 0;
        for (int output = 0; output < _ends.Outputs; output++)
        {
            (double[] values, double[] errors) = Estimate(game, output);

            // Covert and Lee, AISTATS 2021, section 4.2. A game without any value is certain once its errors are zero.
            double spread = Math.Max(0, values.Max()) - Math.Min(0, values.Min());
            largest = Math.Max(largest, errors.Max());
            if (errors.Max() > 0 && errors.Max() >= ratio * spread)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a game's values, and lets go of its coalitions.</summary>
    public void Add(Game game)
    {
        int samples = game.Table is null ? 0 : 2 * game.Table.Plan.Rungs[game.Rung];
        bool complete = game.Table is not { } table || (table.Plan.Pairs.Complete && game.Rung == table.Plan.Rungs.Count - 1);
        _samples = Math.Max(_samples, samples);
        _exact &= complete && Selection(game).Rule == L1Rule.Off;
        if (_options.Interactions && !complete)
        {
            throw InferenceException.InvalidInput("interactions need all coalitions, and deadline or stop_at ended the sampling before.");
        }

        for (int output = 0; output < _ends.Outputs; output++)
        {
            (double[] values, double[] errors) = Estimate(game, output);
            int at = ((game.Row * _ends.Outputs) + output) * _players;
            for (int i = 0; i < game.Varying.Length; i++)
            {
                _values[at + game.Varying[i]] = values[i];
                _errors[at + game.Varying[i]] = errors[i];
            }

            AddInteractions(game, output, values);
        }

        game.Worth = [];
    }

    /// <param name="outOfTime">Whether the deadline ended the sampling.</param>
    public ShapExplanation ToExplanation(bool outOfTime) => new()
    {
        Method = "KernelShap",
        Exact = _exact,
        Scale = _ends.Scale,
        OutOfTime = outOfTime,
        Rows = _rows,
        Outputs = _ends.Outputs,
        Players = _players,
        Values = _values,
        StandardErrors = _exact ? null : _errors,
        ExpectedValue = _ends.Empty,
        RawPrediction = _ends.Full,
        Labels = _ends.Labels,
        Interactions = _interactions,
        Samples = _samples,
    };

    private L1Mode Selection(Game game) =>
        game.Table is { } table && table.Plan.Rungs[game.Rung] is > 0 and var pairs
            ? _l1.For(game.Varying.Length, 2 * pairs)
            : default;

    private double Full(Game game, int output) => _ends.Full[(game.Row * _ends.Outputs) + output];

    private (double[] Values, double[] Errors) Estimate(Game game, int output)
    {
        double total = Full(game, output) - _ends.Empty[output];
        double[] values = new double[game.Varying.Length];
        double[] errors = new double[game.Varying.Length];
        if (game.Table is null)
        {
            Array.Fill(values, total);
            return (values, errors);
        }

        int pairs = game.Table.Plan.Rungs[game.Rung];
        if (Selection(game) is { Rule: not L1Rule.Off } mode)
        {
            double[] worth = [.. Enumerable.Range(0, 2 * pairs).Select(coalition => Worth(game, coalition, output))];
            game.Table.Plan.SelectionAt(game.Rung).Estimate(mode, worth, _ends.Empty[output], Full(game, output), values, errors);
            return (values, errors);
        }

        double[] halves = new double[pairs + 1];
        for (int pair = 0; pair < pairs; pair++)
        {
            halves[pair] = (Worth(game, 2 * pair, output) - Worth(game, (2 * pair) + 1, output)) / 2;
        }

        halves[pairs] = total / 2;
        game.Table.Plan.EstimatorAt(game.Rung).Estimate(halves, values, errors);
        return (values, errors);
    }

    private double Worth(Game game, int coalition, int output) =>
        LinkFunction.Apply(_options.Link, game.Worth[(coalition * _ends.Outputs) + output]);

    private void AddInteractions(Game game, int output, double[] values)
    {
        if (_interactions is null)
        {
            return;
        }

        int m = game.Varying.Length;
        double[] matrix = m == 1 ? values : new double[m * m];
        if (game.Table is { } table)
        {
            int coalitions = 2 * table.Plan.Pairs.Count;
            double[] worth = [.. Enumerable.Range(0, coalitions).Select(c => Worth(game, c, output)), _ends.Empty[output], Full(game, output)];
            InteractionIndex.Compute(table.Plan.Pairs, worth, values, matrix);
        }

        int at = ((game.Row * _ends.Outputs) + output) * _players * _players;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                _interactions[at + (game.Varying[i] * _players) + game.Varying[j]] = matrix[(i * m) + j];
            }
        }
    }
}
