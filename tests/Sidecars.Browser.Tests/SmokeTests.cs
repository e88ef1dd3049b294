namespace Sidecars.Browser.Tests;

[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class SmokeTests(Browser browser, Servers servers)
{
    [Fact]
    public async Task Tab_OnAPageThatAsksElsewhere_SaysSo()
    {
        await using Tab tab = await browser.OpenAsync(servers.Sample);
        await tab.Page.GotoAsync(servers.Sample.ToString());
        await tab.Page.SetContentAsync("<html><body style='color:#888;background:#999'><div style='width:2000px'>pale</div><input><script>throw new Error('oops')</script><img src='http://127.0.0.1:9/x.png'>");
        (await tab.AxeAsync()).Should().Contain(v => v.StartsWith("color-contrast:")).And.Contain(v => v.StartsWith("label:"));
        (await tab.OverflowAsync()).Should().BePositive();
        tab.Problems.Should().Contain("asks http://127.0.0.1:9/x.png").And.Contain(p => p.StartsWith("script:") && p.Contains("oops"));
    }
}
