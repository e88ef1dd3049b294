namespace Sidecars.Explainers.Answers;

/// <summary>The page.</summary>
internal static class AnchorPage
{
    public static Markup Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors) =>
        PageFrame.Around(source.ModelName, new Markup().Add($"<pre>{AnchorText.Write(source, anchors)}</pre>"));
}
