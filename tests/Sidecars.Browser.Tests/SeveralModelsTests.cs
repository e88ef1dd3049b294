using System.Text.Json.Nodes;
using Sidecars.Testing;

namespace Sidecars.Browser.Tests;

/// <summary>The pages of a server of several models: of each there is the same, and it has to be told apart.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class SeveralModelsTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task StartPage_OfTwoModels_TellsThemApart(ColorScheme scheme)
    {
        await using SidecarTestHost host = await StartAsync();
        await using Tab tab = await browser.OpenAsync(host.RestAddress, scheme);
        await tab.Page.GotoAsync(host.RestAddress.ToString());
        foreach (string model in (string[])["one", "two"])
        {
            await tab.Page.GetByRole(AriaRole.Form, new() { Name = "Request: " + model }).GetByRole(AriaRole.Button, new() { Name = "Predict" }).ClickAsync();
            await tab.Page.GetByRole(AriaRole.Region, new() { Name = "Answer as text: " + model }).WaitForAsync();
        }

        (await tab.FlawsAsync()).Should().BeEmpty();
        (await tab.KeyboardFlawsAsync()).Should().BeEmpty();
        await tab.ShootAsync("start-several");
        tab.Problems.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task DocsPage_WithAnswers_IsLegible(ColorScheme scheme)
    {
        await using SidecarTestHost host = await StartAsync();
        await using Tab tab = await browser.OpenAsync(host.RestAddress, scheme);
        await tab.Page.GotoAsync(new Uri(host.RestAddress, "/docs").ToString());
        await tab.Page.Locator("summary").First.WaitForAsync();
        await tab.UnfoldAsync();
        foreach (string path in (string[])["/v2/health/live", "/v1/models"])
        {
            ILocator operation = tab.Page.Locator("details").Filter(new() { Has = tab.Page.GetByText(path, new() { Exact = true }) });
            await operation.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();
            await tab.Page.GetByRole(AriaRole.Region, new() { Name = "Answer: GET " + path, Exact = true }).Filter(new() { HasText = "200" }).WaitForAsync();
        }

        (await tab.FlawsAsync()).Should().BeEmpty();
        (await tab.KeyboardFlawsAsync()).Should().BeEmpty();
        await tab.ShootAsync("docs");
        tab.Problems.Should().BeEmpty();
    }

    private static Task<SidecarTestHost> StartAsync() => SidecarTestHost.StartAsync(
        static builder => builder.Sidecar.AddModel(static _ => new Plain(), "one").AddModel(static _ => new Plain(), "two"), null, "--enable_docs_url=true");

    private sealed class Plain : Model
    {
        protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromPredictions(new JsonArray(1)));
    }
}
