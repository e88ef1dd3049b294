using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>For terminals and logs.</summary>
internal static class ShapText
{
    public static string Write(AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run)
    {
        _ = (source, rows);
        return string.Create(CultureInfo.InvariantCulture, $"{run.Method}: {string.Join(", ", shap.Values)}\n");
    }
}
