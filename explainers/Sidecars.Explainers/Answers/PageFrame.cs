using System.Reflection;

namespace Sidecars.Explainers.Answers;

/// <summary>What is around every page and picture: the head, with the style in it, so that they need nothing but themselves.</summary>
internal static class PageFrame
{
    /// <summary>Forbids a page all that it does not need: scripts, and anything from elsewhere.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private static readonly string s_picture = Read("picture.css");

    private static readonly string s_page = s_picture + Read("page.css");

    /// <summary>A whole HTML document, which is well-formed XML as well.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">What stands in its <c>main</c>.</param>
    /// <param name="style">Rules that only this kind of page needs, from <see cref="Read"/>.</param>
    public static Markup Around(string title, Markup content, string style = "") => new Markup()
        .Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n")
        .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<meta name=\"color-scheme\" content=\"light dark\" />\n")
        .Add($"<title>{title}</title>\n<style>\n").Raw(s_page).Raw(style).Raw("</style>\n</head>\n<body>\n<main>\n")
        .Add($"{content}</main>\n</body>\n</html>\n");

    /// <summary>A whole SVG document with a ground of its own.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="description">The same in words, for those who do not see it.</param>
    /// <param name="content">What is drawn.</param>
    /// <param name="style">Rules that only this kind of picture needs.</param>
    public static Markup Picture(double width, double height, string title, string description, Markup content, string style = "") => new Markup()
        .Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.##}\" height=\"{height:0.##}\" viewBox=\"0 0 {width:0.##} {height:0.##}\" ")
        .Add($"role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{title}</title>\n<desc id=\"desc\">{description}</desc>\n<style>\n")
        .Raw(s_picture).Raw(style)
        .Add($"</style>\n<rect class=\"ground\" width=\"{width:0.##}\" height=\"{height:0.##}\" />\n{content}</svg>\n");

    /// <summary>A style that is part of this assembly.</summary>
    public static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
