namespace Sidecars.Browser.Tests;

/// <summary>One headless Chromium for all tests: Debian's, at /usr/bin/chromium or where CHROMIUM says.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        string path = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"There is no {path}: apt-get install chromium, or set CHROMIUM to where one is.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = s_arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a tab of its own, without cookies or cache of others.</summary>
    /// <param name="origin">The only place it may ask; null for none at all, as without a network.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="width">Of the window.</param>
    internal async Task<Tab> OpenAsync(Uri? origin, ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        await Tab.OpenAsync(_browser!, origin, scheme, width);
}
