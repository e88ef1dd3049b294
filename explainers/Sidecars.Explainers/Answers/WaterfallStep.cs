namespace Sidecars.Explainers.Answers;

/// <summary>One bar of a waterfall before it has a place.</summary>
/// <param name="Name">The feature, or what several are called together.</param>
/// <param name="Cell">What the row has of it; null where there is no one value.</param>
/// <param name="Effect">What it adds.</param>
/// <param name="Error">Its standard error; 0 for none.</param>
internal sealed record WaterfallStep(string Name, string? Cell, double Effect, double Error)
{
    /// <summary>The players of a row, the largest first; those that are left over together in one last step.</summary>
    /// <param name="view">The row.</param>
    /// <param name="most">How many steps there may be.</param>
    public static WaterfallStep[] Of(ShapView view, int most)
    {
        int[] order = view.Order;
        int own = order.Length <= most ? order.Length : most - 1;
        List<WaterfallStep> steps =
        [
            .. order.Take(own).Select(player =>
                new WaterfallStep(view.Name(player), view.IsFeature ? view.Cell(player) : null, view.Effects[player], view.Error(player) ?? 0)),
        ];
        if (own < order.Length)
        {
            double rest = 0;
            foreach (int player in order.AsSpan(own))
            {
                rest += view.Effects[player];
            }

            // Errors of values go together in a way that is not known here.
            steps.Add(new WaterfallStep(Others(order.Length - own, view.IsFeature), null, rest, 0));
        }

        return [.. steps];
    }

    public static string Others(int count, bool features) => $"{NumberText.Count(count)} other {(features ? "features" : "groups")}";
}
