using System.Reflection;

namespace Sidecars.Explainers.Answers;

/// <summary>What is around every page: its head, with the style in it, so that the page needs nothing but itself.</summary>
internal static class PageFrame
{
    /// <summary>Forbids a page all that it does not need: scripts, and anything from elsewhere.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private static readonly string s_style = Read("page.css");

    public static Markup Around(string title, Markup content) => new Markup()
        .Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
        .Add($"<title>{title}</title>\n<style>\n").Raw(s_style).Raw("</style>\n</head>\n<body>\n<main>\n")
        .Add($"{content}</main>\n</body>\n</html>\n");

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
