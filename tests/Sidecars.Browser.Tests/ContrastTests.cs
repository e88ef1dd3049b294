using Sidecars.Browser.Tests.Accessibility;

namespace Sidecars.Browser.Tests;

/// <summary>What the check of contrast makes of texts whose contrast is known, and of those of which it cannot be known.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class ContrastTests(Browser browser)
{
    [Theory]
    [InlineData("<p id=x style='color:#777'>a</p>", "\"a\": #777777 on #ffffff is 4.47, less than 4.5")]
    [InlineData("<p id=x style='color:#959595;font-size:24px'>a</p>", "\"a\": #959595 on #ffffff is 2.99, less than 3")]
    [InlineData("<p id=x style='color:#959595;font:bold 19px serif'>a</p>", "\"a\": #959595 on #ffffff is 2.99, less than 3")]
    [InlineData("<p id=x style='color:#959595;font:600 19px serif'>a</p>", "\"a\": #959595 on #ffffff is 2.99, less than 4.5")]
    [InlineData("<p id=x style='color:rgb(0 0 0 / 0.5)'>a</p>", "\"a\": #808080 on #ffffff is 3.97, less than 4.5")]
    [InlineData("<div style='background:#000'><div style='background:rgb(255 255 255 / 0.4)'><p id=x>a</p></div></div>", "\"a\": #000000 on #666666 is 3.65, less than 4.5")]
    [InlineData("<div style='opacity:0.5'><p id=x>a</p></div>", "\"a\": #808080 on #ffffff is 3.97, less than 4.5")]
    [InlineData("<p id=x style='color:#fff;background:linear-gradient(#000,#999)'>a</p>", "\"a\": #ffffff on #999999 is 2.84, less than 4.5")]
    [InlineData("<div style='background:#444;position:absolute;top:90px;left:0;width:100px;height:40px'></div><p id=x style='position:absolute;top:90px;left:5px'>a</p>",
        "\"a\": #000000 on #444444 is 2.15, less than 4.5")]
    [InlineData("<style>#x::before { content: 'b '; color: #999 }</style><p id=x>a</p>", "\"b\" of ::before: #999999 on #ffffff is 2.84, less than 4.5")]
    [InlineData("<style>#x::placeholder { color: #999 }</style><input id=x placeholder=b aria-label=a>", "the placeholder: #999999 on #ffffff is 2.84, less than 4.5")]
    [InlineData("<input id=x value=b aria-label=a style='color:#999'>", "the value: #999999 on #ffffff is 2.84, less than 4.5")]
    [InlineData("<p id=x style='color:#777'>a</p><div style='height:3000px'></div>", "\"a\": #777777 on #ffffff is 4.47, less than 4.5")]
    [InlineData("<div style='height:3000px'></div><p id=x style='color:#777'>a</p>", "\"a\": #777777 on #ffffff is 4.47, less than 4.5")]
    public async Task Text_OfHtml_IsJudgedByWhatLiesBehindIt(string content, string expected) =>
        (await FlawsAsync($"<main><h1>h</h1>{content}</main>")).Should().Equal($"contrast: #x: {expected}");

    [Theory]
    [InlineData("<p style='color:#767676'>a</p>")]
    [InlineData("<p style='color:#949494;font-size:24px'>a</p>")]
    [InlineData("<p style='color:#949494;font:bold 19px serif'>a</p>")]
    [InlineData("<div style='background:#000'><div style='background:rgb(255 255 255 / 0.5)'><p>a</p></div></div>")]
    [InlineData("<p style='background:linear-gradient(#fff,#777)'>a</p>")]
    [InlineData("<div style='width:1px;height:1px;overflow:hidden;color:#ddd'>for ears alone</div>")]
    [InlineData("<details><summary>a</summary><p style='color:#ddd'>folded</p></details>")]
    public async Task Text_OfHtmlThatIsLegible_IsNoFlaw(string content) =>
        (await FlawsAsync($"<main><h1>h</h1>{content}</main>")).Should().BeEmpty();

    [Theory]
    [InlineData("<text id=x fill='#777' y='30'>a</text>", "\"a\": #777777 on #ffffff is 4.47, less than 4.5")]
    [InlineData("<rect width='200' height='60' fill='#333'/><text id=x y='30'>a</text>", "\"a\": #000000 on #333333 is 1.66, less than 4.5")]
    [InlineData("<rect x='60' width='90' height='60' fill='#333'/><text id=x y='30'>long enough to reach it</text>",
        "\"long enough to reach it\": #000000 on #333333 is 1.66, less than 4.5")]
    [InlineData("<circle r='50' fill='#333'/><g transform='scale(2)'><text id=x y='10'>a</text></g>", "\"a\": #000000 on #333333 is 1.66, less than 3")]
    [InlineData("<rect width='200' height='60' fill='#000' fill-opacity='0.8'/><text id=x y='30'>a</text>", "\"a\": #000000 on #333333 is 1.66, less than 4.5")]
    [InlineData("<path d='M0 25H200' stroke='#333' stroke-width='30'/><text id=x y='30'>a</text>", "\"a\": #000000 on #333333 is 1.66, less than 4.5")]
    [InlineData("<text y='30'>a <tspan id=x fill='#999'>b</tspan></text>", "\"b\": #999999 on #ffffff is 2.84, less than 4.5")]
    [InlineData("<rect width='200' height='60' fill='#333'/><text id=x y='30' stroke='#666' stroke-width='3' paint-order='stroke'>a</text>",
        "\"a\": #000000 on #666666 is 3.65, less than 4.5")]
    public async Task Text_OfSvg_IsJudgedByWhatLiesBehindIt(string content, string expected)
    {
        string drawing = $"<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='d' width='200' height='60'>{content}</svg>";
        (await FlawsAsync($"<main><h1>h</h1>{drawing}</main>")).Should().Equal($"contrast: #x: {expected}");
    }

    [Theory]
    [InlineData("<text y='30' fill='#767676'>a</text>")]
    [InlineData("<text y='30' fill='#767676' font-size='24'>a</text>")]
    [InlineData("<text y='30' fill='#949494' font-size='12' transform='scale(2)'>a</text>")]
    [InlineData("<rect width='200' height='60' fill='#333'/><text y='30' fill='#fff'>a</text>")]
    [InlineData("<rect width='200' height='60' fill='#333'/><text y='30' stroke='#fff' stroke-width='3' paint-order='stroke'>a</text>")]
    [InlineData("<rect y='40' width='200' height='20' fill='#333'/><text y='30'>a</text>")]
    [InlineData("<path d='M0 25H200' stroke='#333'/><text y='30'>a</text>")]
    public async Task Text_OfSvgThatIsLegible_IsNoFlaw(string content)
    {
        string drawing = $"<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='d' width='200' height='60'>{content}</svg>";
        (await FlawsAsync($"<main><h1>h</h1>{drawing}</main>")).Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, "#ffffff")]
    [InlineData(ColorScheme.Dark, "#121212")]
    public async Task Text_OnNoGroundOfItsOwn_IsJudgedByTheBrowsers(ColorScheme scheme, string ground)
    {
        string[] flaws = await FlawsAsync("<style>:root { color-scheme: light dark }</style><main><h1>h</h1><p id=x style='color:#777'>a</p></main>", scheme);
        flaws.Should().ContainSingle().Which.Should().StartWith($"contrast: #x: \"a\": #777777 on {ground} is 4.");
    }

    [Theory]
    [InlineData("<p id=x style='background:url(data:,)'>a</p>", "#x has a picture as its background")]
    [InlineData("<p id=x style='mix-blend-mode:multiply'>a</p>", "#x blends or filters")]
    [InlineData("<p id=x style='color:lab(50 0 0)'>a</p>", "the colour lab(50 0 0)")]
    [InlineData("<p id=x>a</p><div style='position:fixed;inset:0;background:#eee'></div>", "it is covered, or outside of what scrolls")]
    public async Task Text_WhoseContrastCannotBeKnown_IsAFlaw(string content, string why) =>
        (await FlawsAsync($"<main><h1>h</h1>{content}</main>")).Should().Contain($"contrast: #x: \"a\" cannot be decided: {why}");

    private async Task<string[]> FlawsAsync(string body, ColorScheme scheme = ColorScheme.Light)
    {
        await using Tab tab = await browser.OpenAsync(null, scheme);
        await tab.Page.SetContentAsync($"<!doctype html><html lang='en'><title>t</title><body>{body}</body></html>");
        return await Checks.OfPageAsync(tab.Page);
    }
}
