namespace Sidecars.Explainers.Answers;

/// <summary>The pairs of a row that do most together, beyond what each does alone.</summary>
internal static class ShapInteractions
{
    public const int Most = 10;

    /// <summary>The largest pairs; both halves of the matrix together. Empty where none were asked for, or none does anything.</summary>
    public static IReadOnlyList<(int First, int Second, double Effect)> Largest(ShapExplanation shap, ShapView view, int most)
    {
        if (shap.Interactions is not { } values)
        {
            return [];
        }

        int players = shap.Players;
        long at = (((long)view.Row * shap.Outputs) + view.Output) * players * players;
        var largest = new PriorityQueue<(int, int, double), double>();
        for (int i = 0; i < players; i++)
        {
            for (int j = i + 1; j < players; j++)
            {
                double effect = values[at + ((long)i * players) + j] + values[at + ((long)j * players) + i];
                if (effect != 0 && double.IsFinite(effect))
                {
                    largest.Enqueue((i, j, effect), Math.Abs(effect));
                    if (largest.Count > most)
                    {
                        largest.Dequeue();
                    }
                }
            }
        }

        return [.. largest.UnorderedItems.Select(static item => item.Element).OrderByDescending(static p => Math.Abs(p.Item3)).ThenBy(static p => (p.Item1, p.Item2))];
    }

    /// <summary>For a page.</summary>
    /// <param name="shap">All values.</param>
    /// <param name="view">The row and output.</param>
    /// <param name="heading">The heading's element.</param>
    public static Markup Write(ShapExplanation shap, ShapView view, string heading)
    {
        var pairs = Largest(shap, view, Most);
        if (shap.Interactions is null)
        {
            return new Markup();
        }

        if (pairs.Count == 0)
        {
            return new Markup().Add($"<{heading}>Interactions</{heading}>\n<p>No two {(view.IsFeature ? "features" : "groups")} do anything together that they do not do alone.</p>\n");
        }

        NumberScale numbers = NumberScale.For(0, 0, [.. pairs.Select(static p => p.Effect)]);
        Markup table = new Markup()
            .Add($"<{heading}>Interactions</{heading}>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Interactions\">\n<table class=\"pairs\">\n<caption>The {pairs.Count} largest pairs: what two do together beyond what each does alone. Half of it is in the value of either.</caption>\n")
            .Raw("<thead><tr><th scope=\"col\">Pair</th><th scope=\"col\" class=\"num\">Adds together</th></tr></thead>\n<tbody>\n");
        foreach ((int first, int second, double effect) in pairs)
        {
            table.Add($"<tr><th scope=\"row\"><bdi>{view.Name(first)}</bdi> <span class=\"quiet\">with</span> <bdi>{view.Name(second)}</bdi></th>")
                .Add($"<td class=\"num\">{ShapTable.Number(numbers.Signed(effect), effect)}</td></tr>\n");
        }

        return table.Raw("</tbody>\n</table>\n</div>\n");
    }
}
