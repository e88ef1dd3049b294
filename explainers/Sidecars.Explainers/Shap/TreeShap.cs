using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers;

/// <summary>
/// Exact Shapley values and interactions of tree ensembles in ONNX files: TreeEnsembleClassifier, TreeEnsembleRegressor
/// and TreeEnsemble. It reads the trees, compares float32 as ONNX Runtime does, and sums in float64.
/// </summary>
/// <remarks>
/// <para>
/// Two games. <see cref="TreeShapAlgorithm.Interventional"/>: a feature outside a coalition takes its value from each row
/// of the background. <see cref="TreeShapAlgorithm.TreePathDependent"/>: at a split on such a feature both ways are taken,
/// weighted by the training rows that went there; these covers come from the training data, as ONNX files rarely hold them.
/// </para>
/// <para>
/// Margins, and probabilities that are sums over trees (forests), take time in proportion to leaves × features on a path for
/// each row, by tables that are made on the first call, of at most 64 MiB (160 MiB with interactions). Trees with more than 12
/// features on a path, or beyond that room, are walked instead, which is slower and takes no memory. Probabilities behind a
/// logistic function or softmax, and the logit link, are exact as well but take all coalitions of the features in which a row
/// and the background differ: up to 18.
/// </para>
/// <para>Thread-safe: any number of calls go on at once. A row's numbers do not depend on the other rows or on the number of
/// processors.</para>
/// </remarks>
public sealed class TreeShap
{
    private readonly TreeEnsemble _trees;
    private readonly Background? _background;
    private readonly bool _probabilities;
    private readonly double _maxPatterns;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<(bool PathDependent, bool Interactions, MarginGame Game)> _games = [];

    // As many games are kept as one set of groups has.
    private const int MaxGames = 4;

    internal TreeShap(
        TreeEnsemble trees, Background? background, double maxPatterns = MarginGame.MaxPatterns, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _maxPatterns = maxPatterns;
        _trees = trees;
        _background = background;
        _probabilities = trees.AnswersProbabilities;
    }

    /// <summary>How many features a row has.</summary>
    public int Features => _trees.Features;

    /// <summary>Whether there is a background, which the interventional game needs.</summary>
    public bool HasBackground => _background is not null;

    /// <summary>Whether it is known how many training rows reached each node, which the path-dependent game needs.</summary>
    public bool HasCovers => _trees.Covers is not null;

    /// <summary>Reads the trees of an ONNX file.</summary>
    /// <param name="onnxPath">The file.</param>
    /// <param name="background">Rows for the interventional game; null if it is not wanted.</param>
    /// <param name="train">The training rows, which are counted at every node for the path-dependent game; null if it is not
    /// wanted or the file itself has the counts.</param>
    /// <param name="time">The clock for <see cref="ShapOptions.Deadline"/>; null for the system's.</param>
    /// <exception cref="NotSupportedException">The graph is no plain tree ensemble; the message says what it is.</exception>
    /// <exception cref="ArgumentException">Background or training rows have another number of features than the model.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX file, or its trees are broken.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TreeShap FromFile(string onnxPath, Background? background = null, TabularData? train = null, TimeProvider? time = null) =>
        TryFromFile(onnxPath, background, train, out string? reason, time)
        ?? throw new NotSupportedException($"{onnxPath} is no plain tree ensemble. {reason}.");

    /// <summary>Reads the trees of an ONNX file; null, and why, when its graph is no plain tree ensemble.</summary>
    /// <inheritdoc cref="FromFile"/>
    public static TreeShap? TryFromFile(
        string onnxPath, Background? background, TabularData? train, out string? reason, TimeProvider? time = null)
    {
        if (TreeEnsembleReader.TryRead(onnxPath, out reason) is not { } trees)
        {
            return null;
        }

        foreach (int features in new[] { background?.Rows.Features, train?.Features }.OfType<int>())
        {
            trees = trees.WithFeatures(features);
        }

        return new TreeShap(train is null ? trees : trees.WithCovers(train), background, time: time);
    }

    /// <summary>Explains rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="options">Output, algorithm, interactions, link, groups, deadline and progress; the rest does not concern trees.
    /// <see cref="ShapModelOutput.Auto"/> is what the model answers where that is a sum over trees, else the raw margin, of
    /// which a binary classifier has one: that of class 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InferenceException">Rows or options do not fit the model, there is no exact answer within bounds, or the
    /// deadline passed before all rows were begun.</exception>
    public ShapExplanation Explain(TabularData rows, ShapOptions options, CancellationToken cancellation = default)
    {
        if (rows.Features != Features)
        {
            throw InferenceException.InvalidInput($"A row has {rows.Features} features; the model has {Features}.");
        }

        PlayerMap players = PlayerMap.Of(Features, options);
        bool answers = WantsAnswers(options);
        bool pathDependent = WantsPathDependent(options);
        bool additive = options.Link == ShapLink.Identity && (!answers || _trees.IsAdditive);
        if (!additive && pathDependent)
        {
            throw InferenceException.InvalidInput(
                "The path-dependent game is played on the sums of trees: explain the raw margin with the identity link, or give a background.");
        }

        ShapLimits.CheckAnswer(rows.Rows, answers ? _trees.Answers : _trees.Outputs, players.Count, options.Interactions);
        var blocks = new RowBlocks(_time, options.Deadline, cancellation);
        ShapReporter? reporter = ShapReporter.For(options, _time, rows.Rows);
        (ShapSums sums, double[] expected) = additive
            ? PlayMargins(rows, players, pathDependent, answers, options.Interactions, reporter, blocks)
            : PlayAnswers(rows, players, options, reporter, blocks);
        (double[] raw, int[]? labels) = Predict(rows, answers, options.Link);
        return new ShapExplanation
        {
            Method = "TreeShap",
            Exact = true,
            Scale = ScaleOf(answers, options.Link),
            Rows = rows.Rows,
            Outputs = sums.Outputs,
            Players = players.Count,
            Values = sums.Values,
            ExpectedValue = expected,
            RawPrediction = raw,
            Labels = labels,
            Interactions = sums.Interactions,
        };
    }

    private ShapScale ScaleOf(bool answers, ShapLink link) =>
        link == ShapLink.Logit ? ShapScale.LogOdds
        : answers || (_probabilities && _trees.IsAdditive) ? ShapScale.Probability
        : _trees.PostTransform == PostTransform.Logistic ? ShapScale.LogOdds
        : _trees.IsClassifier || _trees.PostTransform != PostTransform.None ? ShapScale.Margin
        : ShapScale.Value;

    private bool WantsAnswers(ShapOptions options)
    {
        if (options.Link == ShapLink.Logit && (options.ModelOutput == ShapModelOutput.Raw || !_probabilities))
        {
            throw InferenceException.InvalidInput("The logit link is for probabilities.");
        }

        return options.ModelOutput switch
        {
            ShapModelOutput.Raw => false,
            ShapModelOutput.Probability => _probabilities ? true
                : throw InferenceException.InvalidInput("The model answers no probabilities."),
            _ => options.Link == ShapLink.Logit || (_trees.IsAdditive && _probabilities),
        };
    }

    private bool WantsPathDependent(ShapOptions options)
    {
        switch (options.Algorithm)
        {
            case TreeShapAlgorithm.Interventional when !HasBackground:
                throw InferenceException.InvalidInput("The interventional game needs a background.");
            case TreeShapAlgorithm.TreePathDependent when !HasCovers:
                throw InferenceException.InvalidInput("The path-dependent game needs training data.");
            case TreeShapAlgorithm.Auto when !HasBackground && !HasCovers:
                throw InferenceException.InvalidInput("There is neither a background nor training data.");
            default:
                return options.Algorithm == TreeShapAlgorithm.TreePathDependent
                    || (options.Algorithm == TreeShapAlgorithm.Auto && !HasBackground);
        }
    }

    private (ShapSums Sums, double[] Expected) PlayMargins(
        TabularData rows, PlayerMap players, bool pathDependent, bool answers, bool interactions, ShapReporter? reporter, RowBlocks blocks)
    {
        MarginGame game = Game(players, pathDependent, interactions);
        ShapSums sums = game.Play(rows, interactions, reporter, blocks);
        return answers && _trees.Answers > _trees.Outputs
            ? (sums.WithComplement(), [1 - game.Expected[0], game.Expected[0]])
            : (sums, game.Expected);
    }

    private (ShapSums Sums, double[] Expected) PlayAnswers(
        TabularData rows, PlayerMap players, ShapOptions options, ShapReporter? reporter, RowBlocks blocks)
    {
        var game = new AnswerGame(_trees, players, _background!, options.Link);
        return (game.Play(rows, options.Interactions, reporter, blocks), game.Expected);
    }

    private MarginGame Game(PlayerMap players, bool pathDependent, bool interactions)
    {
        lock (_lock)
        {
            foreach (var kept in _games)
            {
                if (kept.PathDependent == pathDependent && kept.Interactions == interactions && kept.Game.Players.IsSame(players))
                {
                    return kept.Game;
                }
            }

            var game = new MarginGame(_trees, players, pathDependent ? null : _background, interactions, _maxPatterns);
            if (_games.Count == MaxGames)
            {
                _games.RemoveAt(0);
            }

            _games.Add((pathDependent, interactions, game));
            return game;
        }
    }

    // A label is the highest answer in float32, as ONNX Runtime has it: the lower class where two are the same.
    private (double[] Raw, int[]? Labels) Predict(TabularData rows, bool wantsAnswers, ShapLink link)
    {
        int outputs = wantsAnswers ? _trees.Answers : _trees.Outputs;
        double[] raw = new double[rows.Rows * outputs], margins = new double[_trees.Outputs], answers = new double[_trees.Answers];
        int[]? labels = _trees.IsClassifier ? new int[rows.Rows] : null;
        for (int row = 0; row < rows.Rows; row++)
        {
            _trees.Margins(rows[row], margins);
            _trees.Answer(margins, answers);
            for (int output = 0; output < outputs; output++)
            {
                raw[(row * outputs) + output] = wantsAnswers ? LinkFunction.Apply(link, answers[output]) : margins[output];
            }

            for (int c = 1; labels is not null && c < answers.Length; c++)
            {
                labels[row] = (float)answers[c] > (float)answers[labels[row]] ? c : labels[row];
            }
        }

        return (raw, labels);
    }
}
