using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>What is said of Shapley values in every form.</summary>
internal static class ShapWords
{
    public static string Class(TabularSchema schema, int index) =>
        schema.Classes is { } classes && index >= 0 && index < classes.Count ? classes[index] : $"class {NumberText.Whole(index)}";

    /// <summary>What the numbers of an output are, and of which class. The single output of a classifier is that of class 1.</summary>
    public static string Score(TabularSchema schema, ShapExplanation shap, int output)
    {
        if (shap.Scale == ShapScale.Label)
        {
            return "index of the class";
        }

        string what = shap.Scale switch
        {
            ShapScale.Probability => "probability",
            ShapScale.LogOdds => "log-odds",
            ShapScale.Margin => "margin",
            _ => "predicted value",
        };
        return shap.Labels is not null ? $"{what} of {Class(schema, shap.Outputs == 1 ? 1 : output)}"
            : shap.Outputs > 1 ? $"{what} of output {output + 1}"
            : what;
    }

    /// <summary>The outputs in the order of interest: the class that was predicted first.</summary>
    public static int[] Outputs(ShapExplanation shap, int row)
    {
        int first = shap.Outputs > 1 && shap.Labels is { } labels && labels[row] < shap.Outputs ? labels[row] : 0;
        return [first, .. Enumerable.Range(0, shap.Outputs).Where(output => output != first)];
    }

    /// <summary>What the model says of the row, as a sentence without its end.</summary>
    public static string Verdict(AnswerSource source, ShapView view) =>
        view.Verdict is { } name ? $"{source.ModelName} says {name}" : $"{source.ModelName} predicts {view.Numbers.Text(view.Prediction)}";

    /// <summary>How many rows got which class, the most frequent first; the range of a regression's values.</summary>
    public static string Tally(AnswerSource source, ShapExplanation shap)
    {
        if (shap.Labels is { } labels)
        {
            string[] counts = [.. labels.GroupBy(static l => l).OrderByDescending(static g => g.Count()).ThenBy(static g => g.Key)
                .Select(g => $"{NumberText.Count(g.Count())} × {Class(source.Schema, g.Key)}")];
            return string.Join(", ", counts.Take(5)) + (counts.Length > 5 ? $", {counts.Length - 5} other classes" : "");
        }

        double[] values = [.. Enumerable.Range(0, shap.Rows).Select(row => shap.RawPrediction[row * shap.Outputs])];
        NumberScale numbers = NumberScale.For(values.Min(), values.Max(), [values.Max() - values.Min()]);
        return $"values from {numbers.Text(values.Min())} to {numbers.Text(values.Max())}";
    }

    /// <summary>The probability that log-odds stand for; nothing on other scales.</summary>
    public static string? Probability(ShapView view)
    {
        if (view.Scale != ShapScale.LogOdds || !double.IsFinite(view.Prediction))
        {
            return null;
        }

        double p = 1 / (1 + Math.Exp(-view.Prediction));
        return p < 0.0001 ? "below 0.0001" : p > 0.9999 ? "above 0.9999" : p.ToString("0.0000", CultureInfo.InvariantCulture);
    }

    /// <summary>Exact, or how far off: what a badge says.</summary>
    public static string Certainty(ShapExplanation shap)
    {
        if (shap.Exact)
        {
            return "exact values";
        }

        double most = shap.StandardErrors is { Length: > 0 } errors ? errors.Max() : 0;
        return $"estimated, standard errors up to {NumberScale.For(0, 0, [most]).Digits(most)}";
    }

    /// <summary>How a single score decides between two classes; null where the highest of several does.</summary>
    public static string? Decision(TabularSchema schema, ShapExplanation shap) =>
        shap.Labels is not null && shap.Outputs == 1 && shap.Scale is (ShapScale.LogOdds or ShapScale.Margin)
            ? $"Above 0 the model says {Class(schema, 1)}, below {Class(schema, 0)}."
            : null;

    /// <summary>What stood for the unknown, and how it was chosen.</summary>
    public static string Background(RunFacts run)
    {
        if (run.Reference is not { } reference)
        {
            return "none: the training rows that reached each node";
        }

        string how = reference.Method switch
        {
            "kmeans" => "centres of k-means clusters",
            "sample" => "drawn at random",
            "file" => "from a file",
            _ => "all there are",
        };
        return $"{NumberText.Count(reference.Rows)} rows, {how}";
    }
}
