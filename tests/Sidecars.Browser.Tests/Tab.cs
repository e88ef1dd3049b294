using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Sidecars.Browser.Tests;

/// <summary>A tab that notes what no page of ours may do: ask another place, fail to load, or write errors to the console.</summary>
internal sealed class Tab : IAsyncDisposable
{
    // WCAG 2.0 and 2.1, A and AA: names of controls, structure, keyboard, and contrast.
    private static readonly AxeRunOptions s_rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },

        // A frame that may run no script cannot run axe either; the pages that frames show are looked at alone.
        Iframes = false,
    };

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly IBrowserContext _context;
    private readonly ColorScheme _scheme;
    private readonly List<string> _problems = [];

    private Tab(IBrowserContext context, IPage page, ColorScheme scheme)
    {
        _context = context;
        _scheme = scheme;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_problems)
            {
                return [.. _problems];
            }
        }
    }

    public static async Task<Tab> OpenAsync(IBrowser browser, Uri? origin, ColorScheme scheme, int width)
    {
        IBrowserContext context = await browser.NewContextAsync(new()
        {
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = "en-GB",
            Offline = origin is null,
        });
        context.SetDefaultTimeout(20_000);
        IPage page = await context.NewPageAsync();
        var tab = new Tab(context, page, scheme);
        page.Request += (_, request) => tab.Check(new Uri(request.Url), origin);
        page.RequestFailed += (_, request) => tab.Note($"{request.Url} failed: {request.Failure}");
        page.PageError += (_, error) => tab.Note($"script: {error}");
        page.Dialog += async (_, dialog) =>
        {
            tab.Note($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                tab.Note($"console: {message.Text}");
            }
        };
        return tab;
    }

    /// <summary>Looks with axe; what it finds, as text, one line for each element.</summary>
    public async Task<string[]> AxeAsync()
    {
        AxeResult result = await Page.RunAxe(s_rules).WaitAsync(s_patience);
        return
        [
            .. result.Violations.SelectMany(static v => v.Nodes.Select(n =>
                $"{v.Id}: {n.Html} {string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(static c => c.Message))}")),
        ];
    }

    /// <summary>Keeps a picture of the whole page for people to look at, in artifacts/screenshots.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new() { Path = PictureOf(name), FullPage = true });

    /// <summary>Keeps a picture of an SVG document, as far as the window shows it.</summary>
    public Task ShootPictureAsync(string name) => Page.ScreenshotAsync(new() { Path = PictureOf(name) });

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Elements that run, load or embed something, and attributes that are scripts.</summary>
    public Task<string[]> ActiveContentAsync() => Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('*')].flatMap(e => [
          ...(['script', 'link', 'iframe', 'object', 'embed', 'base', 'meta[http-equiv]'].some(s => e.matches(s)) ? [e.localName] : []),
          ...[...e.attributes].filter(a => /^(on.*|src|srcset|action|formaction)$/i.test(a.name) || (/href$/i.test(a.name) && !a.value.startsWith('#')))
            .map(a => `${e.localName} ${a.name}`)])
        """);

    /// <summary>Opens what is folded, so that it is looked at as well.</summary>
    public Task UnfoldAsync() => Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => { d.open = true; })");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private string PictureOf(string name) => Path.Combine(Places.Screenshots, $"{name}-{_scheme.ToString().ToLowerInvariant()}.png");

    private void Check(Uri url, Uri? origin)
    {
        bool allowed = url.Scheme is "data" or "blob" or "file" or "about"
            || (origin is not null && url.GetLeftPart(UriPartial.Authority) == origin.GetLeftPart(UriPartial.Authority));
        if (!allowed)
        {
            Note($"asks {url}");
        }
    }

    private void Note(string problem)
    {
        lock (_problems)
        {
            _problems.Add(problem);
        }
    }
}
