namespace Sidecars.Browser.Tests;

/// <summary>The start page of a server of one model, by what a person sees: roles, names and labels.</summary>
internal sealed class StartPage : IAsyncDisposable
{
    private StartPage(Tab tab) => Tab = tab;

    public Tab Tab { get; }

    public IPage Page => Tab.Page;

    public ILocator Body => Page.GetByLabel("Request body");

    public ILocator Parameters => Page.GetByLabel("Explainer parameters");

    public ILocator Predict => Button("Predict");

    public ILocator Explain => Button("Explain");

    public ILocator Cancel => Button("Cancel");

    public ILocator Status => Page.GetByRole(AriaRole.Status);

    public ILocator Progress => Page.GetByRole(AriaRole.Progressbar);

    public ILocator AnswerText => Page.GetByRole(AriaRole.Region, new() { Name = "Answer as text" });

    public ILocator Error => Page.Locator(".error");

    public IFrameLocator Explanation => Page.FrameLocator("iframe[title=Explanation]");

    public static async Task<StartPage> OpenAsync(Tab tab, Uri server)
    {
        await tab.Page.GotoAsync(server.ToString());
        return new StartPage(tab);
    }

    public ILocator Heading(string model) => Page.GetByRole(AriaRole.Heading, new() { Name = model, Exact = true });

    /// <summary>Predicts and waits for the answer.</summary>
    public async Task PredictAsync()
    {
        await Predict.ClickAsync();
        await AnswerText.WaitForAsync();
    }

    /// <summary>Explains and waits for the page.</summary>
    public async Task ExplainAsync()
    {
        await Explain.ClickAsync();
        await Explanation.Locator("h1").WaitForAsync();
    }

    public ValueTask DisposeAsync() => Tab.DisposeAsync();

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
