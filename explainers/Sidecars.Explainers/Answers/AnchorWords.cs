using Sidecars.Explainers.Anchors;

namespace Sidecars.Explainers.Answers;

/// <summary>The sentences of an anchor's answer.</summary>
internal static class AnchorWords
{
    /// <summary>What an anchor promises, and what it does not.</summary>
    public static readonly string[] ReadingHelp =
    [
        "An anchor promises this: of rows drawn from the training data so that the rule holds, the model gives the stated share "
            + "(the precision) the same class as the explained row, whatever stands in all the other columns.",
        "It does not say that the class is right, that the conditions cause it, or what the model says where the rule does not "
            + "hold; and drawn rows mix columns of different training rows, so some of them may not occur in life.",
    ];

    public static string Status(AnchorStatus status) => status switch
    {
        AnchorStatus.Met => "met",
        AnchorStatus.NotMet => "not met",
        _ => "out of time",
    };

    /// <summary>The same with its subject, where nothing else names it.</summary>
    public static string Badge(AnchorStatus status) => status switch
    {
        AnchorStatus.Met => "Threshold met",
        AnchorStatus.NotMet => "Threshold not met",
        _ => "Out of time",
    };

    public static string Sign(AnchorStatus status) => status switch
    {
        AnchorStatus.Met => "✓",
        AnchorStatus.NotMet => "✕",
        _ => "◔",
    };

    /// <summary>All of it in a breath.</summary>
    public static string Summary(AnchorReading reading)
    {
        AnchorExplanation anchor = reading.Anchor;
        string rule = reading.Conditions.Count == 0
            ? EmptyRule(reading)
            : $"If {reading.Rule}, then {reading.Model} says {reading.Class}, for {Percent.Of(anchor.Precision)} of such rows.";
        return $"{rule} The precision lies between {Percent.Of(anchor.PrecisionInterval.Low)} and {Percent.Of(anchor.PrecisionInterval.High)} "
            + $"with {Percent.Chosen(anchor.Confidence)} confidence; the threshold of {Percent.Chosen(reading.Threshold)}: {Status(anchor.Status)}. "
            + $"Coverage: {Percent.Of(anchor.Coverage)}, {reading.CoverageWords}.";
    }

    /// <summary>What the status means here.</summary>
    public static string Meaning(AnchorReading reading)
    {
        AnchorExplanation anchor = reading.Anchor;
        string threshold = Percent.Chosen(reading.Threshold);
        bool empty = reading.Conditions.Count == 0;
        return anchor.Status switch
        {
            AnchorStatus.Met when reading.Threshold > PrecisionTest.HighestThreshold =>
                $"On fresh rows, which had no part in choosing the rule, its precision was shown to be above {Percent.Chosen(PrecisionTest.HighestThreshold)}: "
                + $"no number of rows can show the threshold of {threshold} itself.",
            AnchorStatus.Met =>
                $"On fresh rows, which had no part in choosing the rule, its precision was shown to reach the threshold of {threshold}.",
            AnchorStatus.NotMet when empty =>
                $"No rule was found whose precision reaches the threshold of {threshold}, and none that is better than no rule at all.",
            AnchorStatus.NotMet =>
                $"No rule was found that was shown to reach the threshold of {threshold}; this is the most precise one, measured on fresh rows.",
            _ when empty =>
                $"The deadline came before a rule was found that reaches the threshold of {threshold}; this is what was known by then.",
            _ =>
                $"The deadline came before a rule could be shown to reach the threshold of {threshold}. This is the best one by then; its precision "
                + "rests on the rows that it was chosen by, and may look better than it is.",
        };
    }

    /// <summary>The picture of the precision, for those who do not see it.</summary>
    public static string PrecisionPicture(AnchorReading reading) =>
        $"Precision {Percent.Of(reading.Anchor.Precision)}, between {Percent.Of(reading.Anchor.PrecisionInterval.Low)} and "
        + $"{Percent.Of(reading.Anchor.PrecisionInterval.High)}; threshold {Percent.Chosen(reading.Threshold)}: {Status(reading.Anchor.Status)}";

    /// <summary>What the rule says, where it says nothing.</summary>
    public static string EmptyRule(AnchorReading reading)
    {
        string start = reading.Anchor.Status switch
        {
            AnchorStatus.Met => $"Whatever the row, {reading.Model} says {reading.Class}",
            AnchorStatus.NotMet => $"No condition that was tried is known to make {reading.Model} say {reading.Class} more reliably",
            _ => $"No condition was known in time to make {reading.Model} say {reading.Class} more reliably",
        };
        string rows = $"{start}: of rows drawn at random from the training data, {Percent.Of(reading.Anchor.Precision)} got this class";
        return reading.Anchor.Precision == reading.Anchor.BasePrecision
            ? $"{rows} (the base precision)."
            : $"{rows}, and {Percent.Of(reading.Anchor.BasePrecision)} of the search's own rows (the base precision).";
    }

    /// <summary>What the conditions did, from the empty rule to the whole one.</summary>
    public static string StepsTogether(AnchorReading reading)
    {
        AnchorExplanation anchor = reading.Anchor;
        bool one = reading.Conditions.Count == 1;
        string conditions = one ? "The condition" : $"The {reading.Conditions.Count} conditions together";
        string changed = (anchor.Precision >= anchor.BasePrecision ? "raise" : "change") + (one ? "s this" : " this");
        return $"Of rows drawn at random, {Percent.Of(anchor.BasePrecision)} get {reading.Class} (the base precision). "
            + $"{conditions} {changed} to {Percent.Of(anchor.Precision)}, and hold{(one ? "s" : "")} on {Percent.Of(anchor.Coverage)} of the training rows.";
    }

    /// <summary>What one condition did.</summary>
    public static string Step(AnchorReadingStep step) =>
        $"precision {Percent.Change(step.Precision.From, step.Precision.To)} to {Percent.Of(step.Precision.To)}, "
        + $"coverage {Percent.Change(step.Coverage.From, step.Coverage.To)} to {Percent.Of(step.Coverage.To)}";

    /// <summary>What the model says of a row that breaks the rule.</summary>
    public static string OtherClass(AnchorReading reading) =>
        reading.Source.Schema.Classes is { Count: 2 } names && reading.Anchor.Label is 0 or 1
            ? names[1 - reading.Anchor.Label]
            : "another class";
}
