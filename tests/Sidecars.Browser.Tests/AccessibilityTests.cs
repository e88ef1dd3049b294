using Sidecars.Browser.Tests.Accessibility;

namespace Sidecars.Browser.Tests;

/// <summary>What the checks of <see cref="Checks"/> find on pages with one flaw each, and that they find none where there is none.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class AccessibilityTests(Browser browser)
{
    [Fact]
    public async Task Page_WithoutFlaws_HasNone()
    {
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.SetContentAsync(Page("""
            <nav aria-label="Here"><a href="#second">Second</a></nav><nav aria-label="There"><ul><li><a href="#second">Again</a></li></ul></nav>
            <h2 id="second">Second</h2><h3>Third</h3><h2>Second again</h2>
            <form aria-label="Ask"><label for="a">A</label><input id="a" aria-describedby="note"><p id="note">Note</p>
            <label>B <input type="checkbox"></label><fieldset><legend>Which</legend><label><input type="radio" name="r"> R</label></fieldset>
            <select aria-label="C"><option>one</option></select><input type="submit" value="Go"><button><svg role="img"><title>Stop</title></svg></button></form>
            <dl><div><dt>Term</dt><dd>Detail</dd></div></dl><details open><summary>More</summary><p>Much</p></details>
            <table><thead><tr><td></td><th scope="col">X</th><th scope="col">Y</th></tr></thead><tbody><tr><th scope="row">a</th><td>1</td><td>2</td></tr></tbody>
            <tbody><tr><th scope="rowgroup" colspan="3">Others</th></tr><tr><th scope="row">b</th><td>3</td><td>4</td></tr></tbody></table>
            <div style="overflow:auto;width:50px" tabindex="0" role="group" aria-label="Wide"><div style="width:200px">wide</div></div>
            <span role="progressbar" aria-label="Progress" aria-valuenow="1"></span><span role="checkbox" tabindex="0" aria-checked="false">D</span>
            <svg aria-hidden="true" width="20" height="20"><rect width="20" height="20" fill="red"/></svg>
            <button disabled style="color:#555">Off</button><iframe title="Inner" srcdoc="x" style="width:50px;height:20px"></iframe>
            """));
        (await tab.FlawsAsync()).Should().BeEmpty();
        (await tab.KeyboardFlawsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("<input id=x>", "name: #x: it has no name")]
    [InlineData("<input id=x placeholder=Age>", "name: #x: it has no name")]
    [InlineData("<select id=x><option>a</option></select>", "name: #x: it has no name")]
    [InlineData("<textarea id=x></textarea>", "name: #x: it has no name")]
    [InlineData("<button id=x></button>", "name: #x: it has no name")]
    [InlineData("<button id=x><span aria-hidden=true>x</span></button>", "name: #x: it has no name")]
    [InlineData("<a id=x href='/'></a>", "name: #x: it has no name")]
    [InlineData("<details><summary id=x></summary></details>", "name: #x: it has no name")]
    [InlineData("<progress id=x></progress>", "name: #x: it has no name")]
    [InlineData("<iframe id=x></iframe>", "name: #x: it has no name")]
    [InlineData("<svg id=x role=img><rect/></svg>", "name: #x: it has no name")]
    [InlineData("<div id=x role=region>a</div>", "name: #x: it has no name")]
    [InlineData("<label for=x>a</label><label for=x>b</label><input id=x>", "name: #x: it has several labels")]
    [InlineData("<svg id=x><rect/></svg>", "name: #x: a picture is named as one (role=\"img\"), or hidden from those who listen")]
    [InlineData("<div id=x aria-label=a>b</div>", "role: #x: its name is not read, for it has no role")]
    [InlineData("<div id=x role=buton tabindex=0>a</div>", "role: #x: there is no role buton")]
    [InlineData("<div id=x role=switch tabindex=0>a</div>", "role: #x: a switch needs aria-checked")]
    [InlineData("<p id=x aria-labeledby=y>a</p>", "role: #x: there is no aria-labeledby")]
    [InlineData("<button id=x aria-expanded=yes>a</button>", "role: #x: aria-expanded cannot be \"yes\"")]
    [InlineData("<h1 id=x>Another</h1>", "heading: #x: there are 2 of the first level, not one")]
    [InlineData("<h3 id=x>a</h3>", "heading: #x: level 3 follows level 1")]
    [InlineData("<h2 id=x></h2>", "heading: #x: it is empty")]
    [InlineData("<nav>a</nav><nav id=x>b</nav>", "landmark: #x: another navigation is called \"\" too")]
    [InlineData("</main><div id=x>a</div><main hidden>", "landmark: #x: \"a\" stands outside of all")]
    [InlineData("</main><main id=x aria-label=two>", "landmark: #x: there are 2 of the role main, not one")]
    [InlineData("<div id=x role=banner>a</div>", "landmark: #x: a banner stands inside of a main")]
    [InlineData("<p id=x>a</p><p id=x>b</p>", "id: html > body > main > p:nth-of-type(2): another element has the id x too")]
    [InlineData("<input id=x aria-label=a aria-describedby=y>", "id: #x: aria-describedby names y, which is not there")]
    [InlineData("<a id=x href='#y'>a</a>", "id: #x: it leads to y, which is not there")]
    [InlineData("<div><li id=x>a</li></div>", "list: #x: li stands in no list")]
    [InlineData("<ul><p id=x>a</p></ul>", "list: #x: p is no item of a list")]
    [InlineData("<div><dt id=x>a</dt></div>", "list: #x: dt stands in no list")]
    [InlineData("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td><td id=x>3</td></tr></table>", "table: #x: no heading is told with this cell")]
    [InlineData("<table><tr><th scope=row>a</th><td id=x>1</td></tr><tr><td id=y>2</td><td>3</td></tr></table>", "table: #y: no heading is told with this cell")]
    [InlineData("<table><tr><th scope=col>a</th><th id=x scope=col></th></tr><tr><td>1</td><td>2</td></tr></table>", "table: #x: a heading without words")]
    [InlineData(
        "<table><tr><th scope=col>a</th><th scope=col>b</th></tr><tr><th id=x>c</th><td>1</td></tr></table>",
        "table: #x: a heading that does not say whether it is of a row or of a column")]
    [InlineData("<div id=x onclick='1'>a</div>", "keyboard: #x: a mouse can use it, a keyboard cannot")]
    [InlineData("<div id=x role=button>a</div>", "keyboard: #x: a button that cannot have the focus")]
    [InlineData("<button id=x tabindex=1>a</button>", "keyboard: #x: its tabindex puts it before what stands before it")]
    [InlineData("<div aria-hidden=true><button id=x>a</button></div>", "keyboard: #x: it can have the focus, and is hidden from those who listen")]
    [InlineData("<a href='/'>a <span id=x tabindex=0>b</span></a>", "keyboard: #x: it stands inside of a a")]
    [InlineData("<div id=x style='overflow:auto;width:50px'><div style='width:200px'>wide</div></div>", "keyboard: #x: it scrolls, and no key can move it")]
    public async Task Page_WithAFlaw_IsFoundOutByOneOfOurs(string flawed, string expected)
    {
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.SetContentAsync(Page(flawed));
        (await Checks.OfPageAsync(tab.Page)).Should().Contain(expected)
            .And.OnlyContain(f => f.StartsWith(expected.Substring(0, expected.IndexOf(':', StringComparison.Ordinal)), StringComparison.Ordinal));
        (await tab.FlawsAsync()).Should().Contain(expected);
    }

    [Fact]
    public async Task Page_ThatCannotBeMadeLarger_IsFoundOut()
    {
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.SetContentAsync(Page("a").Replace("<title>", "<meta name=viewport content='width=device-width, user-scalable=no'><title>", StringComparison.Ordinal));
        (await tab.FlawsAsync()).Should().Equal("zoom: html > head > meta: the page cannot be made larger");
    }

    [Theory]
    [InlineData("<html><title>t</title>", "WCAG2AA.Principle3.Guideline3_1.3_1_1.H57.2: html: ")]
    [InlineData("<html lang=en>", "WCAG2AA.Principle2.Guideline2_4.2_4_2.H25.1.NoTitleEl: html > head: ")]
    [InlineData("<html lang=en><title>t</title><img src='data:,'>", "WCAG2AA.Principle1.Guideline1_1.1_1_1.H37: html > body > img: ")]
    [InlineData("<html lang=en><title>t</title><p style='color:#777;background:#fff'>a</p>", "WCAG2AA.Principle1.Guideline1_4.1_4_3.G18.Fail: html > body > p: ")]
    [InlineData("<html lang=en><title>t</title><i id=x></i><i id=x></i>", "WCAG2AA.Principle4.Guideline4_1.4_1_1.F77: html > body > i:nth-of-type(2): ")]
    public async Task Page_WithAFlaw_IsFoundOutByHtmlCodeSniffer(string flawed, string expected)
    {
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.SetContentAsync("<!doctype html>" + flawed);
        (await tab.FlawsAsync()).Should().Contain(f => f.StartsWith(expected, StringComparison.Ordinal) && f.Length > expected.Length);
    }

    [Theory]
    [InlineData("<button id=x style='outline:none'>a</button>", "keyboard: #x: the focus has no outline")]
    [InlineData("<button id=x style='outline:3px solid transparent'>a</button>", "keyboard: #x: the outline of the focus has no colour")]
    [InlineData("<button id=x style='position:fixed;left:-500px'>a</button>", "keyboard: #x: it has the focus and is not on the screen")]
    [InlineData("<button id=x onkeydown='event.preventDefault()'>a</button><button id=y>b</button>", "keyboard: #x: Tab does not get away from it")]
    [InlineData("<button id=w>a</button><button id=x onfocus='this.blur()'>b</button><button>c</button>", "keyboard: #x: Tab does not come to it")]
    public async Task Walk_OnAPageWithAFlaw_FindsIt(string flawed, string expected)
    {
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.SetContentAsync(Page(flawed));
        (await tab.KeyboardFlawsAsync()).Should().Contain(expected);
    }

    [Fact]
    public void HtmlCodeSniffer_ThatIsNotThere_SaysWhatInstallsIt() =>
        ((Func<string>)(() => HtmlCodeSniffer.Read("/nowhere/HTMLCS.js"))).Should().Throw<InvalidOperationException>()
            .WithMessage("There is no /nowhere/HTMLCS.js. It comes with: npm ci --prefix tests/Sidecars.Browser.Tests");

    private static string Page(string content) => $"""
        <!doctype html><html lang="en"><head><title>Page</title></head><body><header><h1>Page</h1></header><main>{content}</main></body></html>
        """;
}
