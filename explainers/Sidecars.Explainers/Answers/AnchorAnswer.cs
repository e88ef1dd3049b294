using System.Text.Json;

namespace Sidecars.Explainers.Answers;

/// <summary>Anchors: one at the top level, several as a list.</summary>
internal sealed class AnchorAnswer(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors) : ExplanationAnswer
{
    protected override void WriteJson(Utf8JsonWriter json)
    {
        if (anchors.Count > 1)
        {
            json.WriteStartObject();
            json.WriteStartArray("explanations");
        }

        foreach ((AnchorExplanation anchor, RunFacts run) in anchors)
        {
            AnchorJson.Write(json, source, anchor, run);
        }

        if (anchors.Count > 1)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    protected override Markup Page() => AnchorPage.Write(source, anchors);

    protected override Markup Picture() => AnchorPicture.Write(source, anchors);

    protected override string Text() => AnchorText.Write(source, anchors);
}
