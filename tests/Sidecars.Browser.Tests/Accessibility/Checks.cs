namespace Sidecars.Browser.Tests.Accessibility;

/// <summary>Checks of our own, for what HTML_CodeSniffer does not see: SVG, colours put together, structure, keyboard.</summary>
internal static class Checks
{
    private static readonly string[] s_files = ["elements.js", "colours.js", "contrast.js", "names.js", "structure.js", "keyboard.js"];

    private static readonly string s_page = Scripts.Function(
        """
        checkContrast(); checkNames(); checkRoles(); checkHeadings(); checkLandmarks(); checkIds(); checkLists(); checkTables(); checkMeta();
        checkKeyboard();
        return findings;
        """,
        s_files);

    private static readonly string s_picture = Scripts.Function(
        "checkContrast(); checkNames(); checkRoles(); checkIds(); return findings;", s_files);

    /// <summary>What is wrong with a page, a line each: check, element, what is wrong.</summary>
    public static Task<string[]> OfPageAsync(IPage page) => page.EvaluateAsync<string[]>(s_page);

    /// <summary>What is wrong with an SVG document.</summary>
    public static Task<string[]> OfPictureAsync(IPage page) => page.EvaluateAsync<string[]>(s_picture);
}
