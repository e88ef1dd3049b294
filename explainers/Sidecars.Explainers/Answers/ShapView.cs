using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>One row and one output of Shapley values, with the names and the numbers as people read them.</summary>
internal sealed class ShapView
{
    private readonly AnswerSource _source;
    private readonly TabularData _rows;
    private readonly ShapExplanation _shap;
    private readonly string[] _players;

    public ShapView(AnswerSource source, TabularData rows, ShapExplanation shap, string[] players, int row, int output)
    {
        (_source, _rows, _shap, _players) = (source, rows, shap, players);
        Row = row;
        Output = output;
        Numbers = NumberScale.For(Base, Prediction, Effects);
        double[] sizes = Array.ConvertAll(Effects.ToArray(), Math.Abs);
        Order = [.. Enumerable.Range(0, players.Length).OrderByDescending(player => sizes[player])];
        double total = sizes.Sum();
        Shares = Array.ConvertAll(sizes, size => total > 0 && double.IsFinite(total) ? size / total : 0);
        foreach (double effect in Effects)
        {
            Sum += effect;
        }
    }

    public int Row { get; }

    public int Output { get; }

    public double Base => _shap.ExpectedValue[Output];

    /// <summary>The model's answer on the scale of the values.</summary>
    public double Prediction => _shap.RawPrediction[(Row * _shap.Outputs) + Output];

    public ReadOnlySpan<double> Effects => _shap.Values.AsSpan(At, _shap.Players);

    /// <summary>What the effects come to together.</summary>
    public double Sum { get; }

    /// <summary>Whether there is anything that can be drawn: a model may answer a missing value with no number.</summary>
    public bool IsFinite => double.IsFinite(Base) && double.IsFinite(Prediction) && double.IsFinite(Sum);

    /// <summary>The players by the size of their effects, the largest first.</summary>
    public int[] Order { get; }

    /// <summary>The size of each effect as a share of all sizes.</summary>
    public double[] Shares { get; }

    public NumberScale Numbers { get; }

    public ShapScale Scale => _shap.Scale;

    /// <summary>The row's class by name; null for a regression.</summary>
    public string? Verdict => _shap.Labels is { } labels ? ShapWords.Class(_source.Schema, labels[Row]) : null;

    /// <summary>What the numbers are, and of which class.</summary>
    public string Score => ShapWords.Score(_source.Schema, _shap, Output);

    /// <summary>Whether values have errors that are worth showing.</summary>
    public bool HasErrors => _shap.StandardErrors is not null;

    /// <summary>Whether a value of zero without an error may be one that l1_reg did not choose to estimate.</summary>
    public bool MayBeChosenOut => _shap.StandardErrors is not null && _source.Settings.Shap.L1Reg != "off";

    public double? Error(int player) => _shap.StandardErrors?[At + player];

    public string Name(int player) => _players[player];

    /// <summary>What the row has of a feature.</summary>
    public string Cell(int feature) => NumberText.Cell(_source.Schema.Features[feature], _rows[Row][feature]);

    /// <summary>What the row has of a feature, or of each feature of a group.</summary>
    public IEnumerable<string> Cells(int player) =>
        _source.Settings.Shap.Groups is { } groups
            ? groups[player].Select(feature => $"{_source.Schema.Features[feature].Name} = {Cell(feature)}")
            : [Cell(player)];

    /// <summary>Whether players are single features.</summary>
    public bool IsFeature => _source.Settings.Shap.Groups is null;

    private int At => ((Row * _shap.Outputs) + Output) * _shap.Players;
}
