using System.Text.RegularExpressions;
using Sidecars.Testing;

namespace Sidecars.Browser.Tests;

/// <summary>Explanations that take their time: the model answers only when the test lets it.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed partial class LongExplanationTests(Browser browser, Servers servers)
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("AnchorTabular", ColorScheme.Light)]
    [InlineData("AnchorTabular", ColorScheme.Dark)]
    [InlineData("KernelShap", ColorScheme.Light)]
    public async Task Explanation_ThatTakesLong_ShowsItsProgressAndThenThePage(string explainer, ColorScheme scheme)
    {
        await using ScriptedPredictor predictor = Slow(explainer);
        await using SidecarTestHost host = await servers.StartAsync(predictor);
        await using StartPage start = await AskAsync(host, explainer, scheme);

        await start.Page.GetByText(Message()).WaitForAsync();
        (await start.Progress.IsVisibleAsync()).Should().BeTrue();
        (await start.Predict.IsDisabledAsync()).Should().BeTrue();
        await start.Tab.ShootAsync($"start-progress-{explainer}");
        (await start.Tab.FlawsAsync()).Should().BeEmpty();

        _gate.SetResult();
        await start.Explanation.Locator("h1").WaitForAsync();
        (await start.Progress.IsVisibleAsync()).Should().BeFalse();
        (await start.Predict.IsDisabledAsync()).Should().BeFalse();
        start.Tab.Problems.Should().BeEmpty();
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Cancel_OfALongExplanation_StopsItOnTheServer()
    {
        await using ScriptedPredictor predictor = Slow("AnchorTabular");
        await using SidecarTestHost host = await servers.StartAsync(predictor);
        await using StartPage start = await AskAsync(host, "AnchorTabular", ColorScheme.Light);
        await start.Page.GetByText(Message()).WaitForAsync();
        int calls = predictor.Calls.Count;

        // The button has the focus, so that whoever started by keyboard can stop by keyboard.
        (await start.Cancel.EvaluateAsync<bool>("e => e === document.activeElement")).Should().BeTrue();
        await start.Page.Keyboard.PressAsync("Enter");
        await start.Status.Filter(new() { HasTextRegex = new Regex("^Cancelled after") }).WaitForAsync();
        (await start.Explain.EvaluateAsync<bool>("e => e === document.activeElement")).Should().BeTrue();

        // The model never answers: a server that went on explaining could not stop.
        await host.StopAsync();
        predictor.Calls.Should().HaveCount(calls);
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Model_ThatFailsMeanwhile_IsShownAsTheError()
    {
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2)
            .Next(Servers.Judge).Next(Servers.Judge).Next(PredictorStep.Status(503, "the model went home").Until(_gate.Task));
        await using SidecarTestHost host = await servers.StartAsync(predictor);
        await using StartPage start = await AskAsync(host, "AnchorTabular", ColorScheme.Light);
        await start.Page.GetByText(Message()).WaitForAsync();
        _gate.SetResult();

        await start.Error.WaitForAsync();
        (await start.Error.TextContentAsync()).Should().Contain("the model went home");
        (await start.Status.TextContentAsync()).Should().StartWith("Failed after");
        (await start.Tab.FlawsAsync()).Should().BeEmpty();
    }

    /// <summary>Scores the rows that are asked for before the first report and some more, and then none until the gate opens.</summary>
    private ScriptedPredictor Slow(string explainer)
    {
        int left = explainer == "AnchorTabular" ? 400 : 18_000;
        PredictorStep now = PredictorStep.Answer(Servers.Judge);
        PredictorStep later = now.Until(_gate.Task);
        return new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(PredictorStep.Choose(
            call => Interlocked.Add(ref left, -call.Request.Inputs[0].ToArray<float>().Length / 3) > 0 ? now : later));
    }

    private async Task<StartPage> AskAsync(SidecarTestHost host, string explainer, ColorScheme scheme)
    {
        var start = await StartPage.OpenAsync(await browser.OpenAsync(host.RestAddress, scheme), host.RestAddress);

        // Shapley values of so many rows that they do not fit into one call of the model.
        await start.Body.FillAsync(explainer == "AnchorTabular"
            ? """{"instances":[[64,0,171]]}"""
            : $$"""{"instances":[{{string.Join(',', Enumerable.Range(0, 300).Select(static i => $"[{20 + (i % 50)},{i % 2},{151 + (i % 40)}]"))}}]}""");
        await start.Parameters.FillAsync($$"""{"explainer":"{{explainer}}"}""");
        await start.Explain.ClickAsync();
        return start;
    }

    [GeneratedRegex("(conditions?( yet)?, precision|coalitions played)")]
    private static partial Regex Message();
}
