namespace Sidecars.Explainers.Answers;

/// <summary>The picture alone.</summary>
internal static class AnchorPicture
{
    public static Markup Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors) =>
        new Markup().Add($"<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{source.ModelName} {anchors.Count}</title></svg>");
}
