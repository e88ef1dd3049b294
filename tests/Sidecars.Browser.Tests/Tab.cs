using Sidecars.Browser.Tests.Accessibility;

namespace Sidecars.Browser.Tests;

/// <summary>A tab that notes what no page of ours may do: ask another place, fail to load, or write errors to the console.</summary>
internal sealed class Tab : IAsyncDisposable
{
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

    /// <summary>
    /// What is wrong with the page for those who see badly, hear it read, or have no mouse, a line for each element. What a
    /// frame shows is not looked at, for frames of ours run no script: it is looked at alone.
    /// </summary>
    public async Task<string[]> FlawsAsync() =>
    [
        .. await HtmlCodeSniffer.ErrorsAsync(Page).WaitAsync(s_patience),
        .. await Checks.OfPageAsync(Page).WaitAsync(s_patience),
    ];

    /// <summary>The same of an SVG document.</summary>
    public Task<string[]> PictureFlawsAsync() => Checks.OfPictureAsync(Page).WaitAsync(s_patience);

    /// <summary>What goes wrong on a way through the page with the Tab key alone.</summary>
    public Task<string[]> KeyboardFlawsAsync() => KeyboardWalk.FlawsAsync(Page).WaitAsync(s_patience);

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
