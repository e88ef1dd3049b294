namespace Sidecars.Explainers.Answers;

/// <summary>
/// Shapley values as a page: the verdict, how it came about as a picture and as numbers, and what it cost. Of several rows
/// first what matters in all of them.
/// </summary>
internal static class ShapPage
{
    /// <summary>So many rows and outputs a page draws; the JSON has all.</summary>
    public const int MostDrawn = 50;

    private const string Reading =
        "Start at the base value, what the model says when nothing is known of the row, and follow the arrows: each feature moves the "
        + "answer to the right and up (+) or to the left and down (−), until f(x), what the model says of this row. A value tells what the "
        + "model made of a feature, not what the feature does in the world.";

    private static readonly string s_style = PageFrame.Read("shap.css");

    public static Markup Write(AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run)
    {
        string[] players = source.Players(shap.Players);
        ShapView View(int row, int output) => new(source, rows, shap, players, row, output);
        Markup page = new();
        if (shap.Rows == 1)
        {
            int[] outputs = ShapWords.Outputs(shap, 0);
            ShapView view = View(0, outputs[0]);
            page.Add($"{Header(source, shap, run, Title(source, view), Lead(source, shap, view))}{ShapFigure.Write(source, shap, view)}{PageParts.Help(Reading)}")
                .Add($"{ShapInteractions.Write(shap, view, "h2")}{Others(source, shap, [.. outputs.Skip(1).Select(output => View(0, output))], MostDrawn - 1, "h2")}");
        }
        else
        {
            Markup title = new Markup().Add($"<bdi>{source.ModelName}</bdi>: {NumberText.Count(shap.Rows)} rows");
            page.Add($"{Header(source, shap, run, title, new Markup().Add($"It says {ShapWords.Tally(source, shap)}."))}{ShapOverview.Write(source, shap, players)}")
                .Add($"<h2>Row by row</h2>\n{PageParts.Help(Reading)}{Rows(source, shap, View)}");
        }

        page.Add($"{PageParts.Run(run, Facts(source, shap, run))}{PageParts.Parameters(source)}{PageParts.Footer(run)}");
        return PageFrame.Around($"{source.ModelName}: {(shap.Rows == 1 ? "why" : "why, of several rows")}", page, s_style);
    }

    private static Markup Header(AnswerSource source, ShapExplanation shap, RunFacts run, Markup title, Markup lead)
    {
        List<Markup> badges = [PageParts.Badge(shap.Exact ? BadgeTone.Good : BadgeTone.Plain, ShapWords.Certainty(shap))];
        if (Array.Exists(shap.Values, static value => !double.IsFinite(value)))
        {
            badges = [PageParts.Badge(BadgeTone.Warn, "values that are no numbers")];
        }

        if (shap.OutOfTime)
        {
            badges.Add(PageParts.Badge(BadgeTone.Warn, $"out of time after {NumberText.Count(shap.Samples)} coalitions a row: the best by then"));
        }

        if (shap.Method == "KernelShap" && source.Settings.Shap.L1Reg != "off")
        {
            badges.Add(PageParts.Badge(BadgeTone.Warn, "features were chosen before the fit (l1_reg), which biases values"));
        }

        return PageParts.Header($"Shapley values, {run.Method}", title, lead, [.. badges]);
    }

    private static Markup Title(AnswerSource source, ShapView view) => view.Verdict is { } name
        ? new Markup().Add($"<bdi>{source.ModelName}</bdi> says <bdi>{name}</bdi>")
        : new Markup().Add($"<bdi>{source.ModelName}</bdi> predicts {view.Numbers.Text(view.Prediction)}");

    private static Markup Lead(AnswerSource source, ShapExplanation shap, ShapView view)
    {
        Markup lead = new Markup().Add($"Its {view.Score} is <b class=\"num\">{view.Numbers.Text(view.Prediction)}</b>");
        if (ShapWords.Probability(view) is { } probability)
        {
            lead.Add($", a probability of <span class=\"num\">{probability}</span>");
        }

        lead.Add($"; knowing nothing of the row it would be <span class=\"num\">{view.Numbers.Text(view.Base)}</span>.");
        return ShapWords.Decision(source.Schema, shap) is { } decision ? lead.Add($" {decision}") : lead;
    }

    private static Markup Rows(AnswerSource source, ShapExplanation shap, Func<int, int, ShapView> view)
    {
        Markup list = new();
        int drawn = Math.Min(shap.Rows, MostDrawn);
        for (int row = 0; row < drawn; row++)
        {
            int[] outputs = ShapWords.Outputs(shap, row);
            ShapView first = view(row, outputs[0]);
            int room = (MostDrawn / drawn) - 1;
            list.Add($"<details{new Markup().Raw(row == 0 ? " open=\"\"" : "")}>\n<summary>{Summary(first)}</summary>\n")
                .Add($"{ShapFigure.Write(source, shap, first)}{ShapInteractions.Write(shap, first, "h3")}")
                .Add($"{Others(source, shap, [.. outputs.Skip(1).Select(output => view(row, output))], room, "h3")}</details>\n");
        }

        return drawn == shap.Rows ? list
            : list.Add($"<p class=\"note\">The page draws the first {drawn} rows; the other {NumberText.Count(shap.Rows - drawn)} are in the JSON.</p>\n");
    }

    private static Markup Summary(ShapView view)
    {
        Markup line = new Markup().Add($"Row {view.Row + 1}");
        if (view.Verdict is { } name)
        {
            line.Add($": <bdi>{name}</bdi>");
        }

        line.Add($" <span class=\"quiet\">{view.Score} <span class=\"num\">{view.Numbers.Text(view.Prediction)}</span>");
        if (view.Order is [int most, ..] && view.Effects[most] != 0)
        {
            line.Add($", most by <bdi>{view.Name(most)}</bdi> <span class=\"num\">{view.Numbers.Signed(view.Effects[most])}</span>");
        }

        return line.Raw("</span>");
    }

    private static Markup Others(AnswerSource source, ShapExplanation shap, ShapView[] views, int room, string heading)
    {
        if (views.Length == 0)
        {
            return new Markup();
        }

        Markup list = new Markup().Add($"<{heading}>The other {(views.Length == 1 ? "output" : "outputs")}</{heading}>\n");
        foreach (ShapView view in views.Take(room))
        {
            list.Add($"<details>\n<summary>{view.Score} <span class=\"quiet num\">{view.Numbers.Text(view.Prediction)}</span></summary>\n")
                .Add($"{ShapFigure.Write(source, shap, view)}{ShapInteractions.Write(shap, view, heading == "h2" ? "h3" : "h4")}</details>\n");
        }

        return views.Length <= room ? list
            : list.Add($"<p class=\"note\">{NumberText.Count(views.Length - Math.Max(0, room))} {(room > 0 ? "more outputs" : "outputs")} of this row are in the JSON.</p>\n");
    }

    private static IEnumerable<(string, string)> Facts(AnswerSource source, ShapExplanation shap, RunFacts run)
    {
        yield return ("Values", shap.Exact ? "exact" : "estimated");
        yield return ("Coalitions a row", shap.Samples == 0 ? "none, a closed form" : NumberText.Count(shap.Samples));
        yield return ("Background", ShapWords.Background(run));
        if (source.Settings.DeadlineMs is { } deadline)
        {
            yield return ("Deadline", NumberText.Duration(TimeSpan.FromMilliseconds(deadline)) + (shap.OutOfTime ? ", reached" : ""));
        }
    }
}
