namespace Sidecars.Explainers.Shap;

/// <summary>What one request may ask for, so that a few words of it cannot take all memory.</summary>
internal static class ShapLimits
{
    /// <summary>How many numbers the values of one answer may be, and how many its interactions: 256 MiB, and twice that as JSON.</summary>
    public const int MostNumbers = 1 << 25;

    /// <summary>How many columns all coalitions of one game may have together, and how many scores.</summary>
    public const int MostCells = 1 << 25;

    /// <exception cref="InferenceException">The answer would be too large.</exception>
    public static void CheckAnswer(int rows, int outputs, int players, bool interactions)
    {
        double numbers = (double)rows * outputs * players * (interactions ? players : 1);
        if (numbers > MostNumbers)
        {
            throw InferenceException.InvalidInput(FormattableString.Invariant(
                $"{(interactions ? "interactions" : "values")} of {rows} rows, {outputs} outputs and {players} features are {numbers:0} numbers, and one answer has at most {MostNumbers}: ask for fewer rows at a time."));
        }
    }

    /// <exception cref="InferenceException">The coalitions would take too much room.</exception>
    public static void CheckCoalitions(int? samples, int players, int features, int outputs)
    {
        double coalitions = Math.Min(samples ?? ((2.0 * players) + 2048), Math.Pow(2, players) - 2);
        int width = Math.Max(features, outputs);
        if (coalitions * width > MostCells)
        {
            throw InferenceException.InvalidInput(FormattableString.Invariant(
                $"nsamples: {coalitions:0} coalitions are too many for {features} features and {outputs} outputs; at most {MostCells / width} can be played. Fewer will do, or groups of features."));
        }
    }
}
