namespace Sidecars.Explainers.Answers;

/// <summary>The page.</summary>
internal static class ShapPage
{
    public static Markup Write(AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run) =>
        PageFrame.Around(source.ModelName, new Markup().Add($"<pre>{ShapText.Write(source, rows, shap, run)}</pre>"));
}
