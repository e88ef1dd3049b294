using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>Shapley values as somebody might have computed them, in all their forms.</summary>
internal sealed record ShapCase
{
    public string Model { get; init; } = "model";

    public string[] Features { get; init; } = ["age", "work", "gain"];

    public string[]?[]? Categories { get; init; }

    public string[]? Classes { get; init; } = ["no", "yes"];

    public float[] Rows { get; init; } = [39, 1, 2174];

    public int Outputs { get; init; } = 1;

    public double[] Base { get; init; } = [0.25];

    public double[] Values { get; init; } = [0.125, -0.0625, 0.25];

    public double[]? Errors { get; init; }

    public double[]? Predictions { get; init; }

    public int[]? Labels { get; init; } = [1];

    public ShapScale Scale { get; init; } = ShapScale.Probability;

    public double[]? Interactions { get; init; }

    public bool OutOfTime { get; init; }

    public ShapOptions Options { get; init; } = new();

    public int Players => Options.Groups?.Count ?? Features.Length;

    public int Count => Rows.Length / Features.Length;

    public AnswerSource Source => new(
        Model,
        new TabularSchema([.. Features.Select((name, i) => new TabularFeature(name, Categories?[i]))], Classes),
        OptionTable.Find("Shap")!,
        new ExplainerSettings { Shap = Options, DeadlineMs = OutOfTime ? 100 : null });

    public ShapExplanation Shap => new()
    {
        Method = "KernelShap",
        Exact = Errors is null,
        Scale = Scale,
        OutOfTime = OutOfTime,
        Rows = Count,
        Outputs = Outputs,
        Players = Players,
        Values = Values,
        StandardErrors = Errors,
        ExpectedValue = Base,
        RawPrediction = Predictions ?? [.. Enumerable.Range(0, Count * Outputs).Select(i => Base[i % Outputs] + Values.Skip(i * Players).Take(Players).Sum())],
        Labels = Labels,
        Interactions = Interactions,
        Samples = Errors is null ? 0 : 64,
    };

    public RunFacts Run => new()
    {
        Method = "KernelShap",
        Exact = Errors is null,
        Seed = 7,
        Samples = 64,
        Calls = 3,
        Rows = 12345,
        Elapsed = TimeSpan.FromMilliseconds(1500),
        ModelTime = TimeSpan.FromMilliseconds(12.34),
        Reference = (100, "kmeans", "aa"),
        ModelSha256 = "bb",
    };

    private ShapAnswer Answer => new(Source, new TabularData(Rows, Features.Length), Shap, Run);

    public string Page => Encode(AnswerForm.Page);

    public string Text => Encode(AnswerForm.Text);

    public string Picture => Encode(AnswerForm.Picture);

    public JsonElement Json => JsonDocument.Parse(Encode(AnswerForm.Json)).RootElement;

    public ShapView View(int row = 0, int output = 0) => new(Source, new TabularData(Rows, Features.Length), Shap, Source.Players(Players), row, output);

    /// <summary>So many features with values that come from a formula, not from chance.</summary>
    public static ShapCase Of(int features, double scale = 1, int rows = 1) => new()
    {
        Features = [.. Enumerable.Range(0, features).Select(static i => $"feature {i.ToString(CultureInfo.InvariantCulture)}")],
        Rows = [.. Enumerable.Range(0, features * rows).Select(static i => i / 4f)],
        Values = [.. Enumerable.Range(0, features * rows).Select(i => scale * Math.Sin(1 + (i * 7.3)) / (1 + (i % 5)))],
        Base = [scale * 0.3],
        Labels = [.. Enumerable.Repeat(1, rows)],
        Scale = ShapScale.LogOdds,
    };

    /// <summary>A page or picture as XML, which it has to be.</summary>
    public static XElement Xml(string markup)
    {
        using var reader = XmlReader.Create(new StringReader(markup), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    private string Encode(AnswerForm form) => Encoding.UTF8.GetString(Answer.Encode(form).Span);
}
