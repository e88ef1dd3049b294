using System.Globalization;
using System.Text.Json;

namespace Sidecars.Browser.Tests;

/// <summary>Explanations as pages: saved to a file and opened without a network, so that nothing from elsewhere could help.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Browser")]
public sealed class ExplanationPageTests(Browser browser, Servers servers)
{
    public static TheoryData<PageCase> Cases => PageCase.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Page_OfAnyExplanation_IsLegibleInLightAndDark(PageCase of)
    {
        Explained page = await Explained.GetAsync(of, servers, "text/html");
        Uri file = page.Save(of.Name + ".html");
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using Tab tab = await browser.OpenAsync(null, scheme);
            await tab.Page.GotoAsync(file.AbsoluteUri);
            await tab.ShootAsync(of.Name);
            await tab.UnfoldAsync();
            (await tab.FlawsAsync()).Should().BeEmpty($"of the page in {scheme}");
            (await tab.KeyboardFlawsAsync()).Should().BeEmpty($"of the page in {scheme}");
            (await tab.Page.Locator("h1").CountAsync()).Should().Be(1);
            tab.Problems.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("AnchorTabular", ".quiet", "svg .quiet { fill: #999999; }")]
    [InlineData("Shap", ".name", "svg .name { fill: #999999; }")]
    public async Task Page_WhosePictureIsPale_IsNotLegible(string explainer, string which, string style)
    {
        Explained page = await Explained.GetAsync(new PageCase(explainer, Hostile: false, 1), servers, "text/html");
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.GotoAsync(page.Save(explainer + "-pale.html").AbsoluteUri);
        await tab.Page.AddStyleTagAsync(new() { Content = style });
        int pale = await tab.Page.Locator("svg text" + which).Filter(new() { Visible = true }).CountAsync();
        pale.Should().BePositive();
        (await tab.FlawsAsync()).Should().HaveCountGreaterThanOrEqualTo(pale).And.OnlyContain(static f => f.StartsWith("contrast: ", StringComparison.Ordinal)
            && f.Contains(": #999999 on #ffffff is 2.84, less than 4.5", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Page_OfAnyExplanation_IsSelfContainedAndWithoutScript(PageCase of)
    {
        Explained page = await Explained.GetAsync(of, servers, "text/html");
        page.ContentType.Should().Be("text/html; charset=utf-8");
        page.Policy.Should().StartWith("default-src 'none'; style-src 'unsafe-inline'").And.NotContain("script-src");

        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.GotoAsync(page.Save(of.Name + ".html").AbsoluteUri);
        (await tab.ActiveContentAsync()).Should().BeEmpty();
        if (of.Hostile)
        {
            string text = (await tab.Page.Locator("body").TextContentAsync())!;
            text.Should().Contain(Servers.Hostile).And.Contain(Servers.Features[1]).And.Contain(Servers.Categories[0]);
            Servers.Classes.Should().Contain(name => text.Contains(name, StringComparison.Ordinal));
        }

        tab.Problems.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Page_OnANarrowScreen_DoesNotScrollSideways(PageCase of)
    {
        Explained page = await Explained.GetAsync(of, servers, "text/html");
        await using Tab tab = await browser.OpenAsync(null, width: 360);
        await tab.Page.GotoAsync(page.Save(of.Name + ".html").AbsoluteUri);
        await tab.UnfoldAsync();
        await tab.ShootAsync(of.Name + "-360");
        (await tab.OverflowAsync()).Should().Be(0);

        // Tables of examples scroll in their boxes; what is to be read fits.
        (await tab.Page.EvaluateAsync<int>(Hidden, ".scroll:has(.options), .scroll:has(.values), .scroll:has(.steps)")).Should().Be(0);
        (await tab.Page.GetByRole(AriaRole.Table).Last.GetByRole(AriaRole.Row).CountAsync()).Should().BeGreaterThan(5, "a table stays one");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Page_OnPaper_HasNothingCutOff(PageCase of)
    {
        Explained page = await Explained.GetAsync(of, servers, "text/html");

        // A4 without its margins.
        await using Tab tab = await browser.OpenAsync(null, ColorScheme.Dark, width: 700);
        await tab.Page.GotoAsync(page.Save(of.Name + ".html").AbsoluteUri);
        await tab.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await tab.ShootAsync(of.Name + "-paper");

        (await tab.OverflowAsync()).Should().Be(0);
        (await tab.Page.EvaluateAsync<int>(Hidden, ".scroll")).Should().Be(0);
        (await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")).Should().Be("rgb(255, 255, 255)");
        int broken = await tab.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.rows td.num')].filter(c => c.getClientRects().length > 0 && c.scrollWidth > c.clientWidth).length");
        broken.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Page_OfASeed_HasTheNumbersOfTheJson(PageCase of)
    {
        Explained page = await Explained.GetAsync(of, servers, "text/html");
        JsonElement json = (await Explained.GetAsync(of, servers, "application/json")).Json;
        await using Tab tab = await browser.OpenAsync(null);
        await tab.Page.GotoAsync(page.Save(of.Name + ".html").AbsoluteUri);
        string[] written = await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('data')].map(d => d.value)");
        double[] shown = [.. written.Select(static v => double.Parse(v, CultureInfo.InvariantCulture))];

        double[] expected = of.Explainer == "AnchorTabular" ? [.. Anchors(json).SelectMany(AnchorNumbers)] : ShapleyNumbers(json);
        expected.Should().NotBeEmpty();
        shown.Should().Contain(expected);
        if (of.Explainer == "AnchorTabular")
        {
            // Each bound of each condition can be read, as it stands in the JSON.
            string text = (await tab.Page.Locator("main").TextContentAsync())!;
            foreach (JsonElement predicate in Anchors(json).SelectMany(static a => a.GetProperty("data").GetProperty("raw").GetProperty("predicates").EnumerateArray()))
            {
                text.Should().Contain(predicate.GetProperty("feature").GetString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Picture_Alone_IsAnSvgInLightAndDark(PageCase of)
    {
        Explained picture = await Explained.GetAsync(of, servers, "image/svg+xml");
        picture.ContentType.Should().Be("image/svg+xml; charset=utf-8");
        Uri file = picture.Save(of.Name + ".svg");
        List<string> grounds = [];
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using Tab tab = await browser.OpenAsync(null, scheme);
            await tab.Page.GotoAsync(file.AbsoluteUri);
            (await tab.Page.EvaluateAsync<string>("() => document.documentElement.localName")).Should().Be("svg");
            (await tab.Page.EvaluateAsync<string>("() => document.documentElement.getAttribute('role')")).Should().Be("img");
            (await tab.Page.EvaluateAsync<string>("() => document.querySelector('title').textContent")).Should().NotBeEmpty();
            (await tab.ActiveContentAsync()).Should().BeEmpty();
            (await tab.PictureFlawsAsync()).Should().BeEmpty($"of the picture in {scheme}");
            grounds.Add(await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('.ground')).fill"));
            await tab.ShootPictureAsync(of.Name + "-picture");
            tab.Problems.Should().BeEmpty();
        }

        grounds.Should().OnlyHaveUniqueItems();
    }

    /// <summary>By how many pixels the contents of boxes are wider than these.</summary>
    private const string Hidden = "boxes => Math.max(0, ...[...document.querySelectorAll(boxes)].map(b => b.scrollWidth - b.clientWidth))";

    private static IEnumerable<JsonElement> Anchors(JsonElement json) =>
        json.TryGetProperty("explanations", out JsonElement several) ? several.EnumerateArray() : [json];

    private static IEnumerable<double> AnchorNumbers(JsonElement anchor)
    {
        JsonElement data = anchor.GetProperty("data");
        yield return data.GetProperty("precision").GetDouble();
        yield return data.GetProperty("coverage").GetDouble();
        foreach (JsonElement end in data.GetProperty("precision_interval").EnumerateArray())
        {
            yield return end.GetDouble();
        }
    }

    /// <summary>The values of the class that the model says, or of the only output, of all rows and features.</summary>
    private static double[] ShapleyNumbers(JsonElement json)
    {
        JsonElement values = json.GetProperty("data").GetProperty("shap_values");
        JsonElement labels = json.GetProperty("data").GetProperty("raw").GetProperty("prediction");
        return
        [
            .. Enumerable.Range(0, values[0].GetArrayLength()).SelectMany(row =>
                values[values.GetArrayLength() == 1 ? 0 : labels[row].GetInt32()][row].EnumerateArray().Select(static v => v.GetDouble())),
        ];
    }
}
