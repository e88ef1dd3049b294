using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidecars.Testing;

namespace Sidecars.Browser.Tests;

/// <summary>The page that a browser gets at <c>/</c>, used as a person would.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class StartPageTests(Browser browser, Servers servers)
{
    [Fact]
    public async Task Predict_OfThePrefilledForm_GivesTheAnswerOfTheApi()
    {
        await using StartPage start = await OpenAsync(servers.Sample);
        await start.Heading("breast-cancer").WaitForAsync();
        await start.Page.GetByText("ready", new() { Exact = true }).WaitForAsync();
        string body = await start.Body.InputValueAsync();

        await start.PredictAsync();

        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsync(
            new Uri(servers.Sample, "/v1/models/breast-cancer:predict"), new StringContent(body, Encoding.UTF8, "application/json"));
        answer.IsSuccessStatusCode.Should().BeTrue();
        JsonNode.DeepEquals(JsonNode.Parse(await start.AnswerText.TextContentAsync() ?? ""), JsonNode.Parse(await answer.Content.ReadAsStringAsync()))
            .Should().BeTrue();
        (await start.AnswerText.TextContentAsync()).Should().Contain("risk_tier");
        start.Tab.Problems.Should().BeEmpty();
    }

    [Fact]
    public async Task Predict_OverV2_Works()
    {
        await using StartPage start = await OpenAsync(servers.Sample);
        await start.Page.GetByLabel("V2").CheckAsync();
        await start.PredictAsync();
        using JsonDocument answer = JsonDocument.Parse((await start.AnswerText.TextContentAsync())!);
        answer.RootElement.GetProperty("outputs").GetArrayLength().Should().Be(3);
        start.Tab.Problems.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_AsOpenedAndWithAnswers_IsLegible(ColorScheme scheme)
    {
        await using StartPage start = await OpenAsync(servers.Sample, scheme);
        await start.Heading("breast-cancer").WaitForAsync();
        await start.Tab.ShootAsync("start");
        (await start.Tab.FlawsAsync()).Should().BeEmpty("of the page as it is opened");
        (await start.Tab.KeyboardFlawsAsync()).Should().BeEmpty("of the page as it is opened");

        await start.PredictAsync();
        await start.Tab.ShootAsync("start-predicted");
        (await start.Tab.FlawsAsync()).Should().BeEmpty("of the page with an answer");
        (await start.Tab.KeyboardFlawsAsync()).Should().BeEmpty("of the page with an answer");

        await start.ExplainAsync();
        await start.Tab.ShootAsync("start-explained");
        (await start.Tab.FlawsAsync()).Should().BeEmpty("of the page with an explanation");
        (await start.Tab.KeyboardFlawsAsync()).Should().BeEmpty("of the page with an explanation");

        await start.Body.FillAsync("no JSON");
        await start.Predict.ClickAsync();
        await start.Error.WaitForAsync();
        await start.Tab.ShootAsync("start-refused");
        (await start.Tab.FlawsAsync()).Should().BeEmpty("of the page with an error");
    }

    [Fact]
    public async Task Errors_OfServerAndForm_AreShown()
    {
        await using StartPage start = await OpenAsync(servers.Sample);
        string body = await start.Body.InputValueAsync();

        // What is not sent.
        await start.Parameters.FillAsync("{explainer");
        await start.Explain.ClickAsync();
        await start.Error.WaitForAsync();
        (await start.Error.TextContentAsync()).Should().StartWith("The explainer parameters cannot be read");

        // What the server refuses, in its own words.
        await start.Parameters.FillAsync("""{"explainer":"LIME"}""");
        await start.Explain.ClickAsync();
        await start.Page.GetByText("there is no explainer").WaitForAsync();
        await start.Parameters.FillAsync("");
        await start.Body.FillAsync("""{"instances":[{"mean radius":"wide"}]}""");
        await start.Predict.ClickAsync();
        await start.Status.Filter(new() { HasTextRegex = new Regex("^400") }).WaitForAsync();
        (await start.Error.TextContentAsync()).Should().Contain("mean radius");

        // And the way back.
        await start.Page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        (await start.Body.InputValueAsync()).Should().Be(body);
        await start.PredictAsync();
        (await start.Error.IsVisibleAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Page_OnANarrowScreen_DoesNotScrollSideways()
    {
        await using StartPage start = await OpenAsync(servers.Sample, width: 360);
        await start.Heading("breast-cancer").WaitForAsync();
        (await start.Tab.OverflowAsync()).Should().Be(0);
        await start.PredictAsync();
        (await start.Tab.OverflowAsync()).Should().Be(0);
        await start.ExplainAsync();
        (await start.Tab.OverflowAsync()).Should().Be(0);
        await start.Tab.ShootAsync("start-360");
    }

    [Fact]
    public async Task Keyboard_Alone_PredictsAndExplains()
    {
        await using StartPage start = await OpenAsync(servers.Sample);
        await start.Heading("breast-cancer").WaitForAsync();

        await TabToAsync(start, start.Body);
        await TabToAsync(start, start.Parameters);
        await TabToAsync(start, start.Predict);
        await start.Page.Keyboard.PressAsync("Enter");
        await start.AnswerText.WaitForAsync();

        // The focus is where it was, or the way back to it would be long.
        await TabToAsync(start, start.Explain);
        await start.Page.Keyboard.PressAsync("Enter");
        await start.Explanation.Locator("h1").WaitForAsync();
        await TabToAsync(start, start.Page.GetByRole(AriaRole.Link, new() { Name = "Open the explanation alone" }));
        start.Tab.Problems.Should().BeEmpty();
    }

    [Fact]
    public async Task Explanation_OpenedAlone_IsTheSamePage()
    {
        await using StartPage start = await OpenAsync(servers.Sample);
        await start.ExplainAsync();
        string title = (await start.Explanation.Locator("h1").TextContentAsync())!;

        IPage alone = await start.Page.RunAndWaitForPopupAsync(() =>
            start.Page.GetByRole(AriaRole.Link, new() { Name = "Open the explanation alone" }).ClickAsync());
        await alone.Locator("h1").WaitForAsync();
        (await alone.Locator("h1").TextContentAsync()).Should().Be(title);
    }

    [Fact]
    public async Task Names_OfAnyCharacters_AreText()
    {
        await using StartPage start = await OpenAsync(servers.HostileServer);
        await start.Heading(Servers.Hostile).WaitForAsync();
        string page = (await start.Page.Locator("main").TextContentAsync())!;
        page.Should().ContainAll(Servers.Features);
        (await start.Tab.ActiveContentAsync()).Should().NotContain("img src").And.NotContain(static e => e.StartsWith("svg on", StringComparison.Ordinal));
        await start.Tab.ShootAsync("start-hostile");

        await start.Body.FillAsync("""{"instances":[[64,0,171]]}""");
        await start.ExplainAsync();
        (await start.Explanation.Locator("body").TextContentAsync()).Should().Contain(Servers.Hostile);
        await start.PredictAsync();
        start.Tab.Problems.Should().BeEmpty();
    }

    [Fact]
    public async Task Model_ThatDoesNotExplain_IsOfferedOnlyToPredict()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(static b => b.Sidecar.AddModel<Echo>());
        await using StartPage start = await OpenAsync(host.RestAddress);
        await start.PredictAsync();

        (await start.Explain.CountAsync()).Should().Be(0);
        (await start.Parameters.IsVisibleAsync()).Should().BeFalse();
        (await start.Tab.FlawsAsync()).Should().BeEmpty();
        start.Tab.Problems.Should().BeEmpty();
    }

    [Fact]
    public async Task Numbers_OfARequestWithParameters_AreSentAsTheyAreWritten()
    {
        await using StartPage start = await OpenAsync(servers.HostileServer);
        await start.Body.FillAsync("""{"instances":[[9007199254740993,0,171.10]]}""");
        await start.Parameters.FillAsync("""{"seed":7}""");
        await start.ExplainAsync();

        (await start.Page.GetByRole(AriaRole.Region, new() { Name = "As a command" }).TextContentAsync())
            .Should().Contain("[9007199254740993,0,171.10]").And.Contain("\"seed\":7");
    }

    [Fact]
    public async Task Address_ThatIsNone_LeadsToTheStartPage()
    {
        await using Tab tab = await browser.OpenAsync(servers.Sample);
        await tab.Page.GotoAsync(new Uri(servers.Sample, "/v1/models/breast-cancer/of").ToString());
        await tab.ShootAsync("error");
        (await tab.FlawsAsync()).Should().BeEmpty();

        await tab.Page.GetByRole(AriaRole.Link).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Heading, new() { Name = "breast-cancer" }).WaitForAsync();
    }

    private async Task<StartPage> OpenAsync(Uri server, ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        await StartPage.OpenAsync(await browser.OpenAsync(server, scheme, width), server);

    /// <summary>Presses Tab until something has the focus, which has to be seen there.</summary>
    private static async Task TabToAsync(StartPage start, ILocator target)
    {
        for (int presses = 0; presses < 40; presses++)
        {
            await start.Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                (await target.EvaluateAsync<bool>("e => e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none'"))
                    .Should().BeTrue($"the focus on {target} can be seen");
                return;
            }
        }

        throw new InvalidOperationException($"No Tab led to {target}.");
    }

    private sealed class Echo : Model
    {
        protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromPredictions(new JsonArray(1)));
    }
}
