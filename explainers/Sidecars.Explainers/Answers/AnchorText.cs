using System.Globalization;
using System.Text;

namespace Sidecars.Explainers.Answers;

/// <summary>For terminals and logs.</summary>
internal static class AnchorText
{
    public static string Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        var text = new StringBuilder();
        foreach ((AnchorExplanation anchor, _) in anchors)
        {
            text.Append(CultureInfo.InvariantCulture, $"IF {string.Join(" AND ", anchor.Names)} THEN {anchor.Label}: {anchor.Precision}\n");
        }

        return text.ToString();
    }
}
