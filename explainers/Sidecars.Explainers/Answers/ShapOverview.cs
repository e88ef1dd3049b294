namespace Sidecars.Explainers.Answers;

/// <summary>Which features matter over several rows.</summary>
internal static class ShapOverview
{
    private const int Most = 20;

    public static Markup Write(AnswerSource source, ShapExplanation shap, string[] players)
    {
        double[] effects = Importances.OfAll(shap);
        int[] rank = Importances.Rank(effects);
        NumberScale numbers = NumberScale.For(0, 0, effects);
        double largest = effects.Where(double.IsFinite).DefaultIfEmpty().Max();
        string scale = ShapWords.Score(source.Schema, shap, 0);
        string of = shap.Outputs == 1 ? $"of the {scale}" : $"over all {shap.Outputs} outputs";
        Markup table = new Markup()
            .Add($"<h2>What matters in these {NumberText.Count(shap.Rows)} rows</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"What matters\">\n<table class=\"overview\">\n")
            .Add($"<caption>Mean size of the values, |<i>φ</i>|, {of}. Sizes have no direction.</caption>\n")
            .Add($"<thead><tr><th scope=\"col\">{(source.Settings.Shap.Groups is null ? "Feature" : "Group")}</th>")
            .Raw("<th scope=\"col\"><span class=\"unseen\">Bar</span></th><th scope=\"col\" class=\"num\">Mean |<i>φ</i>|</th></tr></thead>\n<tbody>\n");
        foreach (int player in rank.Take(Most))
        {
            double width = largest > 0 && double.IsFinite(effects[player]) ? 100 * effects[player] / largest : 0;
            table.Add($"<tr><th scope=\"row\"><bdi>{ShapTable.Breakable(players[player])}</bdi></th><td class=\"wide\">{(width > 0 ? Bar(width) : new Markup())}</td>")
                .Add($"<td class=\"num\">{ShapTable.Number(numbers.Text(effects[player]), effects[player])}</td></tr>\n");
        }

        table.Raw("</tbody>\n</table>\n</div>\n");
        return rank.Length > Most
            ? table.Add($"<p class=\"note\">The {rank.Length - Most} others, together {numbers.Text(rank.Skip(Most).Sum(player => effects[player]))}, are in the JSON.</p>\n")
            : table;
    }

    private static Markup Bar(double width) => new Markup().Add($"<span class=\"track\"><span class=\"bar\" style=\"width:{width:0.##}%\"></span></span>");
}
