using Microsoft.ML;

namespace Sidecars.MLNet.Columns;

/// <summary>Picks the columns that are given out: those asked for, else the scores, else what the last step made.</summary>
internal static class OutputChoice
{
    // The annotation that ML.NET's trainers put on PredictedLabel, Score and Probability.
    private const string ScoreKind = "ScoreColumnKind";

    public static DataViewSchema.Column[] Choose(
        ITransformer transformer, DataViewSchema input, DataViewSchema output, IReadOnlyList<string>? asked)
    {
        DataViewSchema.Column[] visible = [.. output.Where(static c => !c.IsHidden)];
        if (asked is not null)
        {
            return [.. asked.Select(name => output.GetColumnOrNull(name) ?? throw Unknown(name, visible))];
        }

        DataViewSchema.Column[] scores =
            [.. visible.Where(static c => c.Annotations.Schema.Any(static a => a.Name == ScoreKind))];
        if (scores.Length > 0)
        {
            return scores;
        }

        HashSet<string> made = MadeLast(transformer, input);
        DataViewSchema.Column[] last = [.. visible.Where(c => made.Contains(c.Name))];
        return last.Length > 0
            ? last
            : throw new SidecarConfigurationException(
                $"its last step makes no column, so name the outputs; there are: {string.Join(", ", visible.Select(static c => c.Name))}");
    }

    /// <summary>Steps add their columns behind those they got; one that only drops or sorts columns adds none.</summary>
    private static HashSet<string> MadeLast(ITransformer transformer, DataViewSchema input)
    {
        while (transformer is IEnumerable<ITransformer> chain && chain.Any())
        {
            ITransformer[] steps = [.. chain];
            foreach (ITransformer step in steps[..^1])
            {
                input = step.GetOutputSchema(input);
            }

            transformer = steps[^1];
        }

        return [.. transformer.GetOutputSchema(input).Where(c => c.Index >= input.Count && !c.IsHidden).Select(static c => c.Name)];
    }

    private static SidecarConfigurationException Unknown(string name, DataViewSchema.Column[] visible) =>
        new($"it has no output column '{name}'; there are: {string.Join(", ", visible.Select(static c => c.Name))}");
}
