namespace Sidecars.Explainers.Answers;

/// <summary>The picture alone.</summary>
internal static class ShapPicture
{
    public static Markup Write(AnswerSource source, TabularData rows, ShapExplanation shap) =>
        new Markup().Add($"<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{source.ModelName} {rows.Rows} {shap.Players}</title></svg>");
}
