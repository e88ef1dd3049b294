using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Shapley values of a linear model's margin in closed form: the game is additive, hence
/// <c>φ_j = t_j(x_j) − Σ_b w_b t_j(b_j)</c> (Lundberg and Lee 2017, corollary 1, for terms instead of products), and
/// there are no interactions.
/// </summary>
internal sealed class LinearShap
{
    // From one look at the clock to the next.
    private const int RowsAtOnce = 1024;

    private readonly LinearModel _model;
    private readonly TimeProvider _time;

    // Σ_b w_b t_j(b_j), [features, margins].
    private readonly double[] _means;

    /// <summary>Prepares a model for explanations.</summary>
    /// <param name="model">The model.</param>
    /// <param name="background">Where absent features come from.</param>
    /// <param name="time">The clock for <see cref="ShapOptions.Deadline"/>; null for the system's.</param>
    /// <exception cref="ArgumentException">The background has another number of features than the model.</exception>
    public LinearShap(LinearModel model, Background background, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        if (background.Rows.Features != model.Features)
        {
            throw new ArgumentException(
                $"The background has {background.Rows.Features} features, the model {model.Features}.", nameof(background));
        }

        _model = model;
        _means = new double[model.Features * model.Margins];
        double[] term = new double[model.Margins];
        for (int j = 0; j < model.Features; j++)
        {
            for (int b = 0; b < background.Rows.Rows; b++)
            {
                Array.Clear(term);
                model.AddTerm(j, background.Rows[b][j], term);
                for (int m = 0; m < term.Length; m++)
                {
                    _means[(j * model.Margins) + m] += background.Weights.Span[b] * term[m];
                }
            }
        }
    }

    /// <summary>Why options cannot be answered in closed form; null where they can.</summary>
    public static string? Refusal(LinearModel model, ShapOptions options) =>
        options.Link != ShapLink.Identity ? "a link is applied to the average over the background, which no closed form has"
        : options.ModelOutput == ShapModelOutput.Probability && model.Transform != ScoreTransform.Identity
            ? "probabilities of a linear model are no sum of terms"
        : options.ModelOutput == ShapModelOutput.Probability ? "the model answers no probabilities"
        : options.Algorithm == TreeShapAlgorithm.TreePathDependent ? "a linear model has no tree paths"
        : null;

    /// <summary>Explains the margins of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="options">How; only groups, interactions, deadline and progress matter, and what <see cref="Refusal"/> looks at.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InferenceException">Rows or options do not fit, or the deadline passed before all rows were begun.</exception>
    public ShapExplanation Explain(TabularData rows, ShapOptions options, CancellationToken cancellation = default)
    {
        if (Refusal(_model, options) is { } refusal)
        {
            throw InferenceException.InvalidInput($"LinearShap explains the raw margin with the identity link: {refusal}.");
        }

        if (rows.Features != _model.Features)
        {
            throw InferenceException.InvalidInput($"A row has {rows.Features} features; the model has {_model.Features}.");
        }

        var set = PlayerSet.From(_model.Features, options);
        int[] playerOf = PlayerOf(set);
        int players = set.Count;
        int margins = _model.Margins;
        ShapLimits.CheckAnswer(rows.Rows, margins, players, options.Interactions);
        double[] values = new double[rows.Rows * margins * players];
        double[] raw = new double[rows.Rows * margins];
        double[] term = new double[margins];
        ShapReporter? reporter = ShapReporter.For(options, _time, rows.Rows);
        var blocks = new RowBlocks(_time, options.Deadline, cancellation);
        for (int i = 0; i < rows.Rows; i++)
        {
            if (i % RowsAtOnce == 0)
            {
                blocks.CheckTime(i);
            }

            ReadOnlySpan<float> row = rows[i];
            _model.ReadMargins(row, raw.AsSpan(i * margins, margins));
            for (int j = 0; j < row.Length; j++)
            {
                Array.Clear(term);
                _model.AddTerm(j, row[j], term);
                for (int m = 0; m < margins; m++)
                {
                    values[(((i * margins) + m) * players) + playerOf[j]] += term[m] - _means[(j * margins) + m];
                }
            }

            reporter?.RowDone();
        }

        return new ShapExplanation
        {
            Method = "LinearShap",
            Exact = true,
            Scale = Scale(),
            Rows = rows.Rows,
            Outputs = margins,
            Players = players,
            Values = values,
            ExpectedValue = Expected(),
            RawPrediction = raw,
            Labels = Labels(raw, rows.Rows),
            Interactions = options.Interactions ? Diagonal(values, players) : null,
        };
    }

    private ShapScale Scale() => (_model.Transform, _model.Kind) switch
    {
        (_, ScoreKind.Value) => ShapScale.Value,
        (ScoreTransform.Logistic or ScoreTransform.LogisticPair, _) => ShapScale.LogOdds,
        (ScoreTransform.Identity or ScoreTransform.Complement, ScoreKind.Probability) => ShapScale.Probability,
        _ => ShapScale.Margin,
    };

    private double[] Expected()
    {
        double[] expected = [.. _model.Intercepts];
        for (int i = 0; i < _means.Length; i++)
        {
            expected[i % expected.Length] += _means[i];
        }

        return expected;
    }

    private int[] PlayerOf(PlayerSet players)
    {
        int[] playerOf = new int[_model.Features];
        for (int player = 0; player < players.Count; player++)
        {
            foreach (int column in players.Columns[player])
            {
                playerOf[column] = player;
            }
        }

        return playerOf;
    }

    private int[]? Labels(double[] raw, int rows)
    {
        if (_model.Kind == ScoreKind.Value)
        {
            return null;
        }

        int[] labels = new int[rows];
        double[] scores = new double[rows * _model.Outputs];
        _model.Transform.Apply([.. raw], _model.Margins, scores);
        new Scores(scores, _model.Outputs, _model.Kind).ReadLabels(labels);
        return labels;
    }

    private static double[] Diagonal(double[] values, int players)
    {
        double[] interactions = new double[values.Length * players];
        for (int i = 0; i < values.Length; i++)
        {
            interactions[(i * players) + (i % players)] = values[i];
        }

        return interactions;
    }
}
