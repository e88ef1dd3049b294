namespace Sidecars.Browser.Tests.Accessibility;

/// <summary>HTML_CodeSniffer, from npm: WCAG 2.1 AA, as far as it is seen from elements.</summary>
internal static class HtmlCodeSniffer
{
    private const string Run =
        """
        return new Promise((done, failed) => HTMLCS.process('WCAG2AA', document, () => done(HTMLCS.getMessages()
          .filter(({ type, code }) => type === HTMLCS.ERROR && !code.endsWith('.H43.HeadersRequired'))
          .map(({ code, element, msg }) => `${code}: ${where(element.documentElement ?? element)}: ${msg}`)),
          () => failed(new Error('the standard could not be loaded')), 'en'));
        """;

    private static readonly string s_run = Scripts.Function(Run, "elements.js");

    private static readonly Lazy<string> s_source = new(static () => Read(Places.HtmlCodeSniffer));

    /// <summary>
    /// Its errors, a line each: rule, element, what is wrong. Of contrast it decides only where colours are plain, and warns
    /// elsewhere; those warnings are not taken, for <see cref="Checks"/> decides them. It asks for headers attributes in every
    /// table of which a heading spans columns, where scope says the same (H63): the scopes are looked at there as well.
    /// </summary>
    public static async Task<string[]> ErrorsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'HTMLCS' in window"))
        {
            await page.EvaluateAsync(s_source.Value);
        }

        return await page.EvaluateAsync<string[]>(s_run);
    }

    /// <summary>The script; without it nothing is looked at, so that it must not be passed over.</summary>
    public static string Read(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new InvalidOperationException(
            $"There is no {path}. It comes with: npm ci --prefix tests/Sidecars.Browser.Tests");
}
