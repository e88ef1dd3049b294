using System.Text;
using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>What pages of all kinds are made of.</summary>
internal static class PageParts
{
    /// <summary>What one has to know first: whose answer, what it is, and how sure.</summary>
    /// <param name="eyebrow">The line above.</param>
    /// <param name="verdict">The heading.</param>
    /// <param name="lead">The sentence below.</param>
    /// <param name="badges">From <see cref="Badge"/>.</param>
    public static Markup Header(string eyebrow, Markup verdict, Markup lead, params ReadOnlySpan<Markup> badges)
    {
        Markup header = new Markup().Add($"<header>\n<p class=\"eyebrow\">{eyebrow}</p>\n<h1>{verdict}</h1>\n<p class=\"lead\">{lead}</p>\n<p class=\"badges\">");
        foreach (Markup badge in badges)
        {
            header.Add($"{badge}");
        }

        return header.Raw("</p>\n</header>\n");
    }

    /// <summary>A sign and words; the colour only repeats what they say.</summary>
    /// <param name="tone">What it says before it is read.</param>
    /// <param name="words">The words.</param>
    /// <param name="own">A sign of its own; null for the tone's.</param>
    public static Markup Badge(BadgeTone tone, string words, string? own = null)
    {
        (string name, string sign) = tone switch
        {
            BadgeTone.Good => ("good", "✓"),
            BadgeTone.Warn => ("warn", "!"),
            _ => ("plain", "≈"),
        };
        return new Markup().Add($"<span class=\"badge {name}\"><span class=\"sign\" aria-hidden=\"true\">{own ?? sign}</span>{words}</span>\n");
    }

    /// <summary>Terms and what is known of each.</summary>
    public static Markup Facts(IEnumerable<(string Term, string Detail)> facts)
    {
        Markup list = new Markup().Raw("<dl class=\"facts\">\n");
        foreach ((string term, string detail) in facts)
        {
            list.Add($"<div><dt>{term}</dt><dd>{detail}</dd></div>\n");
        }

        return list.Raw("</dl>\n");
    }

    /// <summary>How an explanation came about and what it cost, after what only its kind has to tell.</summary>
    public static Markup Run(RunFacts run, params IEnumerable<(string Term, string Detail)> first)
    {
        List<(string, string)> facts =
        [
            ("Method", run.Method),
            .. first,
            ("Elapsed", NumberText.Duration(run.Elapsed)),
            ("Of that the model", NumberText.Duration(run.ModelTime)),
            ("Predictor calls", NumberText.Count(run.Calls)),
            ("Rows scored", NumberText.Count(run.Rows)),
            ("Seed", NumberText.Whole(run.Seed)),
        ];
        return new Markup().Add($"<h2>How it was made</h2>\n{Facts(facts)}");
    }

    /// <summary>Every option with the value it had.</summary>
    public static Markup Parameters(AnswerSource source)
    {
        Markup table = new Markup()
            .Add($"<details>\n<summary>{source.Table.Options.Count} parameters of {source.Table.Type}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Parameters\">\n")
            .Raw("<table class=\"options\" role=\"table\">\n<thead role=\"rowgroup\"><tr role=\"row\">")
            .Raw("<th scope=\"col\" role=\"columnheader\">Parameter</th><th scope=\"col\" role=\"columnheader\">Value</th><th scope=\"col\" role=\"columnheader\">Meaning</th>")
            .Raw("</tr></thead>\n<tbody role=\"rowgroup\">\n");
        foreach (ExplainerOption option in source.Table.Options)
        {
            string value = Value(option, source.Settings);
            string meaning = option.Help
                + (value == "null" ? $" Allowed: {option.Allowed}." : "")
                + (option.NoEffectBecause is { } why ? $" Without effect: {why}." : "");
            table.Add($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><code>{option.Name}</code></th><td role=\"cell\"><code>{value}</code></td><td role=\"cell\" class=\"quiet small\">{meaning}</td></tr>\n");
        }

        return table.Raw("</tbody>\n</table>\n</div>\n</details>\n");
    }

    /// <summary>How to read the page, in two sentences.</summary>
    public static Markup Help(string sentences) =>
        new Markup().Add($"<div class=\"help\" role=\"note\" aria-label=\"How to read this\">\n<p>{sentences}</p>\n</div>\n");

    /// <summary>Who made the page, of which model, and in what other forms it can be had.</summary>
    public static Markup Footer(RunFacts run)
    {
        string model = run.ModelSha256 is { } sha256 ? $"model file SHA-256 {sha256}" : "scores from a predictor";
        return new Markup()
            .Add($"<footer>\n<p>Sidecars {ExplanationJson.Version}, {model}. All numbers unrounded are in the same answer as JSON; ")
            .Raw("<code>Accept</code> chooses <code>application/json</code>, <code>text/html</code>, <code>image/svg+xml</code> or <code>text/plain</code>.</p>\n</footer>\n");
    }

    /// <summary>An option's value as JSON text.</summary>
    public static string Value(ExplainerOption option, ExplainerSettings settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonNumbers.Options))
        {
            option.Write(json, settings);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
