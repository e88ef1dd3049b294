using System.Text;
using System.Text.Json;
using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>An anchor as a search could have found it, and how it is asked for.</summary>
internal sealed record AnchorCase
{
    public required TabularSchema Schema { get; init; }

    public required float[] Row { get; init; }

    public AnchorPredicate[] Rule { get; init; } = [];

    /// <summary>The precision and coverage after each condition.</summary>
    public (double Precision, double Coverage)[] Steps { get; init; } = [];

    /// <summary>How many examples of the last step get the class, and how many do not.</summary>
    public (int True, int False) Examples { get; init; } = (3, 0);

    public AnchorStatus Status { get; init; }

    /// <summary>The precision where there are no steps.</summary>
    public double Precision { get; init; }

    public (double Low, double High) Interval { get; init; } = (0.9573, 0.9841);

    public double Base { get; init; } = 0.7625;

    public int Label { get; init; }

    public string Model { get; init; } = "income";

    public double Threshold { get; init; } = 0.95;

    public AnchorExplanation Anchor() => new()
    {
        Instance = Row,
        Label = Label,
        Predicates = Rule,
        Names = [.. Rule.Select(p => PredicateNames.Name(p, Schema))],
        Status = Status,
        Precision = Steps.Length == 0 ? Precision : Steps[^1].Precision,
        PrecisionInterval = Interval,
        Confidence = 0.9,
        Coverage = Steps.Length == 0 ? 1 : Steps[^1].Coverage,
        Steps = [.. Rule.Select((p, i) => new AnchorStep(p.Feature, Steps[i].Precision, Steps[i].Coverage, Rows(Examples.True), Rows(Examples.False)))],
        BasePrecision = Base,
        Predictions = 3210,
    };

    public AnchorReading Reading() => new(Source(), Anchor(), Run());

    public AnchorAnswer Answer() => new(Source(), [(Anchor(), Run())]);

    /// <summary>The answer to several rows, which ask for the same.</summary>
    public static AnchorAnswer Answer(IReadOnlyList<AnchorCase> rows) => new(rows[0].Source(), [.. rows.Select(static r => (r.Anchor(), Run()))]);

    public static string Encode(AnchorAnswer answer, AnswerForm form) => Encoding.UTF8.GetString(answer.Encode(form).Span);

    public static JsonElement Json(AnchorAnswer answer) => JsonDocument.Parse(answer.Encode(AnswerForm.Json)).RootElement;

    private static RunFacts Run() => new()
    {
        Method = "AnchorTabular",
        Exact = false,
        Seed = 7,
        Samples = 3210,
        Calls = 9,
        Rows = 3210,
        Elapsed = TimeSpan.FromMilliseconds(12.34),
        ModelTime = TimeSpan.FromMilliseconds(8.1),
        Reference = (26049, "all", new string('a', 64)),
        ModelSha256 = new string('b', 64),
    };

    private AnswerSource Source() => new(Model, Schema, OptionTable.Find("AnchorTabular")!, new ExplainerSettings
    {
        Seed = 7,
        Anchors = new AnchorTabularOptions { Threshold = Threshold, Seed = 7 },
    });

    /// <summary>Rows that differ from the explained one in the columns that the rule leaves free.</summary>
    private TabularData Rows(int count) => new(
        [
            .. Enumerable.Range(1, count).SelectMany(n => Row.Select((value, feature) =>
                Array.Exists(Rule, p => p.Feature == feature) ? value
                : Schema.Features[feature].Categories is { } names ? (value + n) % names.Count
                : float.IsFinite(value) ? value + (n * 1.5f) : n)),
        ],
        Row.Length);
}
