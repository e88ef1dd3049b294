namespace Sidecars.Explainers.Answers;

/// <summary>The numbers of one row and output as a table, with what they add up to.</summary>
internal static class ShapTable
{
    /// <summary>So many features a page shows; the others stand together.</summary>
    public const int MostFeatures = 500;

    private const int LongWord = 14;

    public static Markup Write(ShapView view)
    {
        NumberScale numbers = view.Numbers;
        string what = view.IsFeature ? "Feature" : "Group";
        Markup table = new Markup()
            .Add($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Values of all {(view.IsFeature ? "features" : "groups")}\">\n<table class=\"values\" role=\"table\">\n")
            .Add($"<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">{what}</th><th scope=\"col\" role=\"columnheader\"{new Markup().Raw(view.IsFeature ? " class=\"num\"" : "")}>Value in the row</th><th scope=\"col\" role=\"columnheader\" class=\"num\">Adds <i>φ</i></th>")
            .Add($"<th scope=\"col\" role=\"columnheader\" class=\"num\">Std. error</th><th scope=\"col\" role=\"columnheader\" class=\"num\">Share</th></tr></thead>\n<tbody role=\"rowgroup\">\n");
        int shown = Math.Min(view.Order.Length, MostFeatures);
        decimal sum = 0;
        foreach (int player in view.Order.AsSpan(0, shown))
        {
            double effect = view.Effects[player];
            sum += numbers.Read(effect);
            string error = view.Error(player) is { } e && e > 0 ? $"± {numbers.Digits(e)}" : view.MayBeChosenOut ? "unknown" : "exact";
            table.Add($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{Sign(effect)}<bdi>{Breakable(view.Name(player))}</bdi></th><td role=\"cell\" class=\"{(view.IsFeature ? "num cell" : "small cell")}\">{Cells(view, player)}</td>")
                .Add($"<td role=\"cell\" class=\"num effect\">{Number(numbers.Signed(effect), effect)}</td><td role=\"cell\" class=\"num quiet error\">{error}</td>")
                .Add($"<td role=\"cell\" class=\"num quiet share\">{NumberText.Percent(view.Shares[player])}</td></tr>\n");
        }

        if (shown < view.Order.Length)
        {
            double rest = 0, share = 0;
            foreach (int player in view.Order.AsSpan(shown))
            {
                rest += view.Effects[player];
                share += view.Shares[player];
            }

            sum += numbers.Read(rest);
            table.Add($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{Sign(rest)}{WaterfallStep.Others(view.Order.Length - shown, view.IsFeature)}, of which the JSON has each</th><td role=\"cell\"></td>")
                .Add($"<td role=\"cell\" class=\"num effect\">{Number(numbers.Signed(rest), rest)}</td><td role=\"cell\"></td><td role=\"cell\" class=\"num quiet share\">{NumberText.Percent(share)}</td></tr>\n");
        }

        table.Add($"</tbody>\n<tfoot role=\"rowgroup\">\n<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" colspan=\"2\">All together</th><td role=\"cell\" class=\"num effect\">{Number(numbers.Signed(view.Sum), view.Sum)}</td><td role=\"cell\"></td><td role=\"cell\"></td></tr>\n</tfoot>\n</table>\n</div>\n");
        return !view.IsFinite || sum == numbers.Read(view.Sum) ? table : table.Add($"<p class=\"note\">{RoundingShows(view, sum)}</p>\n");
    }

    /// <summary>A number to be read, with the unrounded one for programs.</summary>
    public static Markup Number(string text, double value) =>
        double.IsFinite(value) ? new Markup().Add($"<data value=\"{value:R}\">{text}</data>") : new Markup().Add($"{text}");

    /// <summary>A name that may be broken after what joins its words, and where it is one long word.</summary>
    public static Markup Breakable(string name)
    {
        Markup markup = new();
        int from = 0;
        for (int i = 1; i < name.Length; i++)
        {
            bool joint = name[i - 1] is '_' or '.' or '-' or '/' or ':';
            if ((joint || i - from >= LongWord) && !char.IsLowSurrogate(name[i]))
            {
                markup.Add($"{name[from..i]}<wbr />");
                from = i;
            }
            else if (name[i] == ' ')
            {
                markup.Add($"{name[from..i]}");
                from = i;
            }
        }

        return markup.Add($"{name[from..]}");
    }

    private static Markup Cells(ShapView view, int player)
    {
        Markup cells = new();
        foreach (string cell in view.Cells(player))
        {
            cells.Add($"{new Markup().Raw(cells.IsEmpty ? "" : "<br />")}<bdi>{Breakable(cell)}</bdi>");
        }

        return cells;
    }

    private static string RoundingShows(ShapView view, decimal sum) =>
        $"Each value is rounded on its own: those shown add up to {view.Numbers.Signed((double)sum * Math.Pow(10, view.Numbers.Exponent))}, unrounded to {view.Numbers.Signed(view.Sum)}.";

    private static Markup Sign(double effect)
    {
        string name = effect > 0 ? "up" : effect < 0 ? "down" : "none";
        return new Markup().Add($"<span class=\"way {name}\" aria-hidden=\"true\"></span>");
    }
}
