using System.Text.Json;

namespace Sidecars.Explainers.Answers;

/// <summary>Shapley values of some rows.</summary>
internal sealed class ShapAnswer(AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run) : ExplanationAnswer
{
    protected override void WriteJson(Utf8JsonWriter json) => ShapJson.Write(json, source, rows, shap, run);

    protected override Markup Page() => ShapPage.Write(source, rows, shap, run);

    protected override Markup Picture() => ShapPicture.Write(source, rows, shap);

    protected override string Text() => ShapText.Write(source, rows, shap, run);
}
