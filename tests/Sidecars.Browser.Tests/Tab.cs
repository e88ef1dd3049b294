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
    };

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
        AxeResult result = await Page.RunAxe(s_rules);
        return
        [
            .. result.Violations.SelectMany(static v => v.Nodes.Select(n =>
                $"{v.Id}: {n.Html} {string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(static c => c.Message))}")),
        ];
    }

    /// <summary>Keeps a picture of the whole page for people to look at, in artifacts/screenshots.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Places.Screenshots, $"{name}-{_scheme.ToString().ToLowerInvariant()}.png"),
        FullPage = true,
    });

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

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
