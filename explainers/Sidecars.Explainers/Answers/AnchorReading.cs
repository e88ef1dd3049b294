using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>An anchor as it is read: names for codes, and words for what is known of it. Page, picture and text take it from here.</summary>
internal sealed class AnchorReading
{
    public AnchorReading(AnswerSource source, AnchorExplanation anchor, RunFacts run)
    {
        (Source, Anchor, Run) = (source, anchor, run);
        Model = source.ModelName;
        Class = ClassName(source.Schema, anchor.Label);
        Conditions = [.. anchor.Predicates.Select(p => AnchorCondition.Of(p, source.Schema, anchor.Instance.Span))];
        var steps = new List<AnchorReadingStep>(anchor.Steps.Count);
        (double precision, double coverage) = (anchor.BasePrecision, 1);
        for (int i = 0; i < anchor.Steps.Count; i++)
        {
            // The last step is the rule itself, whose precision is the answer's.
            AnchorStep step = anchor.Steps[i];
            steps.Add(new AnchorReadingStep(Conditions[i], new StepBar(precision, step.Precision), new StepBar(coverage, step.Coverage)));
            (precision, coverage) = (step.Precision, step.Coverage);
        }

        Steps = steps;
        TrainRows = run.Reference?.Rows;
        CoveredRows = TrainRows is { } rows ? (long)Math.Round(anchor.Coverage * rows) : null;
    }

    public AnswerSource Source { get; }

    public AnchorExplanation Anchor { get; }

    public RunFacts Run { get; }

    public string Model { get; }

    /// <summary>The class' name; "class 3" for one without.</summary>
    public string Class { get; }

    public IReadOnlyList<AnchorCondition> Conditions { get; }

    public IReadOnlyList<AnchorReadingStep> Steps { get; }

    public double Threshold => Source.Settings.Anchors.Threshold;

    /// <summary>How many training rows there are, and on how many the rule holds.</summary>
    public int? TrainRows { get; }

    public long? CoveredRows { get; }

    /// <summary>What is marked on the precision's interval.</summary>
    public PrecisionLayout Layout(double width) => new(Anchor.Precision, Anchor.PrecisionInterval, Threshold, width);

    /// <summary>The rule on one line.</summary>
    public string Rule => Conditions.Count == 0 ? "any row" : string.Join(" and ", Conditions.Select(static c => c.Text));

    /// <summary>Where the rule holds, in words.</summary>
    public string CoverageWords =>
        TrainRows is { } rows
            ? string.Create(CultureInfo.InvariantCulture, $"{CoveredRows:N0} of {rows:N0} training rows")
            : "of the training rows";

    public static string ClassName(TabularSchema schema, int label) =>
        schema.Classes is { } names && label >= 0 && label < names.Count
            ? names[label]
            : string.Create(CultureInfo.InvariantCulture, $"class {label}");
}
