namespace Sidecars.Browser.Tests;

/// <summary>What the other tests trust a tab to see.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class TabTests(Browser browser, Servers servers)
{
    [Fact]
    public async Task Tab_OnABadPage_SeesEverythingThatIsWrong()
    {
        await using Tab tab = await browser.OpenAsync(servers.Sample);
        await tab.Page.GotoAsync("about:blank");
        await tab.Page.SetContentAsync("""
            <html lang="en"><title>bad</title><body style="color:#888;background:#999"><div style="width:2000px">pale</div><input>
            <img src="http://127.0.0.1:9/x.png" alt="x"><div onclick="1"><script>alert(1); throw new Error('oops')</script></div></body></html>
            """);

        (await tab.FlawsAsync()).Should().Contain(static f => f.StartsWith("WCAG2AA.Principle1.Guideline1_4.1_4_3.G18.Fail: ", StringComparison.Ordinal))
            .And.Contain(static f => f.StartsWith("contrast: html > body > div:nth-of-type(1): ", StringComparison.Ordinal))
            .And.Contain("name: html > body > input: it has no name");
        (await tab.OverflowAsync()).Should().BePositive();
        (await tab.ActiveContentAsync()).Should().Equal("img src", "div onclick", "script");
        tab.Problems.Should().Contain("asks http://127.0.0.1:9/x.png").And.Contain("dialog: 1")
            .And.Contain(static p => p.StartsWith("script:", StringComparison.Ordinal) && p.Contains("oops", StringComparison.Ordinal));
    }
}
