using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Serving;

/// <summary>Tells the caller how many coalitions are played, or how many rows are done where none are.</summary>
internal static class ShapReports
{
    /// <summary>Who listens to a computation; null when nobody does.</summary>
    public static IProgress<ShapProgress>? For(ExplanationCall call) =>
        call.Progress is { } caller ? new Listener<ShapProgress>(shap => caller.Report(Of(shap))) : null;

    public static ExplainProgress Of(ShapProgress shap)
    {
        string rows = $"{NumberText.Count(shap.RowsDone)} of {NumberText.Count(shap.Rows)} rows explained";
        if (shap.Planned == 0)
        {
            return new ExplainProgress(rows, (double)shap.RowsDone / shap.Rows);
        }

        string coalitions = $"{NumberText.Count(shap.Coalitions)} of {NumberText.Count(shap.Planned)} coalitions played";
        string error = shap.LargestStandardError is { } e ? string.Create(CultureInfo.InvariantCulture, $", standard error up to {e:G2}") : "";
        return new ExplainProgress((shap.Rows == 1 ? "" : rows + ", ") + coalitions + error, (double)shap.Coalitions / shap.Planned);
    }
}
