using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Tests.Serving;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class ShapPageTests
{
    private const string Hostile = "<script>alert('x')</script>\u0007\u202E&\"";

    public ShapPageTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Fact]
    public void Page_OfARow_SaysTheVerdictTheScoreAndTheSum()
    {
        XElement page = ShapCase.Xml(new ShapCase { Model = "credit" }.Page);

        page.Descendants("h1").Single().Value.Should().Be("credit says yes");
        page.Descendants("title").First().Value.Should().Be("credit: why");
        Lead(page).Should().Be("Its probability of yes is 0.562; knowing nothing of the row it would be 0.250.");
        OfClass(page, "p", "sum").Value.Should().Be("0.250base value+0.312all values together=0.562f(x)");
        OfClass(page, "span", "badge").Value.Should().Be("✓exact values");
    }

    [Fact]
    public void Page_OfARegression_SaysTheValue()
    {
        XElement page = ShapCase.Xml(new ShapCase { Classes = null, Labels = null, Scale = ShapScale.Value, Base = [380100], Values = [61250.7, -2313.2, 0] }.Page);

        page.Descendants("h1").Single().Value.Should().Be("model predicts 439,038");
        Lead(page).Should().Be("Its predicted value is 439,038; knowing nothing of the row it would be 380,100.");
    }

    [Fact]
    public void Page_OfLogOdds_SaysTheirProbabilityAndHowTheyDecide()
    {
        XElement page = ShapCase.Xml(new ShapCase { Scale = ShapScale.LogOdds, Base = [-1], Values = [0, 0.25, 0.25], Labels = [0] }.Page);

        page.Descendants("h1").Single().Value.Should().Be("model says no");
        Lead(page).Should().Be(
            "Its log-odds of yes is −0.500, a probability of 0.3775; knowing nothing of the row it would be −1.000. Above 0 the model says yes, below no.");
    }

    [Theory]
    [InlineData(1, 1e-9)]
    [InlineData(3, 1e9)]
    [InlineData(12, 1)]
    [InlineData(200, 1)]
    public void Table_OfAnyRow_HasTheNumbersOfTheJson(int features, double scale)
    {
        ShapCase of = ShapCase.Of(features, scale);
        XElement table = OfClass(ShapCase.Xml(of.Page), "table", "values");
        Dictionary<string, double> json = of.Json.At("data.feature_names").EnumerateArray().Select(static n => n.GetString()!)
            .Zip(of.Json.At("data.shap_values.0.0").Numbers()).ToDictionary(static p => p.First, static p => p.Second);

        XElement[] rows = [.. table.Element("tbody")!.Elements("tr")];

        rows.Should().HaveCount(features);
        foreach (XElement row in rows)
        {
            XElement number = row.Descendants("data").Single();
            double value = json[row.Element("th")!.Value];
            double.Parse(number.Attribute("value")!.Value, CultureInfo.InvariantCulture).Should().Be(value);
            number.Value[0].Should().Be(value < 0 ? '−' : '+');
            row.Elements("td").ElementAt(2).Value.Should().Be("exact");
        }

        rows.Select(static row => Math.Abs(double.Parse(row.Descendants("data").Single().Attribute("value")!.Value, CultureInfo.InvariantCulture))).Should().BeInDescendingOrder();
    }

    [Fact]
    public void Errors_OfValuesThatWereNotChosen_AreUnknownAndNotNone()
    {
        XElement page = ShapCase.Xml(new ShapCase { Values = [0.4, 0.1, 0], Errors = [0.01, 0.002, 0], Options = new ShapOptions { L1Reg = "aic" } }.Page);
        page.Descendants("td").Where(static td => td.Attribute("class")?.Value == "num quiet error").Select(static td => td.Value)
            .Should().Equal("± 0.010", "± 0.002", "unknown");
    }

    [Fact]
    public void Table_OfARow_HasCellsErrorsAndShares()
    {
        XElement table = OfClass(ShapCase.Xml(new ShapCase
        {
            Categories = [null, ["private", "public"], null],
            Rows = [float.NaN, 1, 0.1f],
            Errors = [0.01, 0.002, 0],
            Values = [0.1, -0.1, 0],
        }.Page), "table", "values");

        table.Element("tbody")!.Elements("tr").Select(static row => string.Join('|', row.Elements().Select(static cell => cell.Value))).Should().Equal(
            "age|missing|+0.100|± 0.010|50%",
            "work|public|−0.100|± 0.002|50%",
            "gain|0.1|0|exact|0.0%");
    }

    [Fact]
    public void Sum_AsItIsShown_AddsUp_AndTheTableSaysWhereRoundingShows()
    {
        ShapCase of = new() { Base = [0.2], Values = [0.3334, 0.3334, 0.3334], Scale = ShapScale.Value };
        XElement page = ShapCase.Xml(of.Page);

        decimal[] shown = [.. OfClass(page, "p", "sum").Descendants("b").Select(static b => decimal.Parse(b.Value, CultureInfo.InvariantCulture))];

        (shown[0] + shown[1]).Should().Be(shown[2]);
        page.Descendants("p").Select(static p => p.Value).Should().Contain(
            "Each value is rounded on its own: those shown add up to +0.999, unrounded to +1.000.");
    }

    [Fact]
    public void Sum_ThatTheModelDoesNotKeepTo_SaysHowFarOffItIs() =>
        new ShapCase { Predictions = [0.6] }.Page.Should().Contain("its answer is 3.8e-2 off the sum");

    [Fact]
    public void Names_OfAnyText_AreTextOnly()
    {
        string page = new ShapCase
        {
            Model = Hostile,
            Features = [Hostile, "b", "c"],
            Categories = [null, ["x", Hostile], null],
            Classes = [Hostile, Hostile],
        }.Page;

        XElement xml = ShapCase.Xml(page);

        page.Should().NotContain("<script");
        xml.Descendants("h1").Single().Value.Should().Be("<script>alert('x')</script>\uFFFD\uFFFD&\" says <script>alert('x')</script>\uFFFD\uFFFD&\"");
        xml.DescendantsAndSelf().Select(static e => e.Name.LocalName).Should().NotContain(["script", "link", "img", "iframe"]);
        xml.DescendantsAndSelf().Attributes().Select(static a => a.Name.LocalName).Should().NotContain(["src", "href", "onclick"]);
    }

    [Fact]
    public void Page_OfAnything_NeedsNothingFromElsewhere() =>
        ShapCase.Of(20, 1, 3).Page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Should().NotContain("http").And.NotContain("url(").And.NotContain("@import");

    [Fact]
    public void Outputs_OfSeveralClasses_BeginWithThePredictedOne()
    {
        XElement page = ShapCase.Xml(new ShapCase
        {
            Classes = ["a", "b", "c"],
            Outputs = 3,
            Base = [0.5, 0.25, 0.25],
            Values = [-0.25, 0, 0, 0.5, 0, 0, -0.25, 0, 0],
            Labels = [1],
        }.Page);

        page.Descendants("h1").Single().Value.Should().Be("model says b");
        Lead(page).Should().StartWith("Its probability of b is 0.750;");
        page.Descendants("summary").Select(static s => s.Value).Take(2).Should().Equal("probability of a 0.250", "probability of c 0.000");
    }

    [Fact]
    public void Rows_MoreThanAPageDraws_AreCountedAndLeftToTheJson()
    {
        XElement page = ShapCase.Xml(ShapCase.Of(4, 1, 60).Page);

        XElement[] rows = [.. page.Descendants("details").Where(static d => d.Element("summary")!.Value.StartsWith("Row ", StringComparison.Ordinal))];
        rows.Should().HaveCount(ShapPage.MostDrawn);
        rows[0].Attribute("open").Should().NotBeNull();
        rows.Skip(1).Should().OnlyContain(static row => row.Attribute("open") == null);
        page.Descendants("h1").Single().Value.Should().Be("model: 60 rows");
        page.Descendants("p").Select(static p => p.Value).Should().Contain("The page draws the first 50 rows; the other 10 are in the JSON.");
    }

    [Fact]
    public void Overview_OfRows_HasTheImportancesOfTheJson()
    {
        ShapCase of = ShapCase.Of(4, 1, 5);
        XElement table = OfClass(ShapCase.Xml(of.Page), "table", "overview");

        XElement[] rows = [.. table.Element("tbody")!.Elements("tr")];

        JsonElement aggregated = of.Json.At("data.raw.importances.aggregated");
        rows.Select(static row => row.Element("th")!.Value).Should().Equal(aggregated.At("names").EnumerateArray().Select(static n => n.GetString()));
        rows.Select(static row => double.Parse(row.Descendants("data").Single().Attribute("value")!.Value, CultureInfo.InvariantCulture))
            .Should().Equal(aggregated.At("ranked_effect").Numbers());
        rows[0].ToString().Should().Contain("width:100%");
    }

    [Fact]
    public void Groups_OfFeatures_ShowTheValuesOfEachFeature()
    {
        XElement page = ShapCase.Xml(new ShapCase
        {
            Options = new ShapOptions { Groups = [[0, 2], [1]], GroupNames = ["money", "job"] },
            Categories = [null, ["private", "public"], null],
            Values = [0.25, -0.125],
        }.Page);

        OfClass(page, "table", "values").Element("tbody")!.Elements("tr").Select(static row => string.Join('|', row.Elements().Take(2).Select(static c => c.Value)))
            .Should().Equal("money|age = 39gain = 2174", "job|work = public");
        page.Descendants("th").Select(static th => th.Value).Should().Contain("Group").And.NotContain("Feature");
    }

    [Fact]
    public void Interactions_WhenThereAreSome_ShowTheLargestPairsWhole()
    {
        double[] matrix = [0, 0.25, -0.5, 0.25, 0, 0, -0.5, 0, 0];
        XElement table = OfClass(ShapCase.Xml(new ShapCase { Interactions = matrix }.Page), "table", "pairs");

        table.Element("tbody")!.Elements("tr").Select(static row => row.Value).Should().Equal("age with gain−1.000", "age with work+0.500");
        new ShapCase { Interactions = new double[9] }.Page.Should().Contain("No two features do anything together");
        new ShapCase().Page.Should().NotContain("Interactions");
    }

    [Fact]
    public void Page_OutOfTime_SaysSo()
    {
        XElement page = ShapCase.Xml(new ShapCase { OutOfTime = true, Errors = [0.01, 0.02, 0] }.Page);

        page.Descendants("span").Where(static s => HasClass(s, "badge")).Select(static s => s.Value).Should().Equal(
            "≈estimated, standard errors up to 0.0200", "!out of time after 64 coalitions a row: the best by then");
        page.Descendants("dd").Select(static d => d.Value).Should().Contain("100 ms, reached");
    }

    [Fact]
    public void Values_ThatAreNoNumbers_AreSaidToBe_AndNotDrawn()
    {
        XElement page = ShapCase.Xml(new ShapCase { Values = [double.NaN, 0.25, 0], Predictions = [double.NaN] }.Page);

        page.Descendants().Should().NotContain(static e => e.Name.LocalName == "svg");
        page.Value.Should().Contain("There is no picture").And.Contain("values that are no numbers").And.Contain("nothing to add up");
    }

    [Fact]
    public void Cost_AndEveryParameter_AreOnThePage()
    {
        XElement page = ShapCase.Xml(new ShapCase().Page);

        Dictionary<string, string> facts = page.Descendants("dl").Single().Elements("div").ToDictionary(static d => d.Element("dt")!.Value, static d => d.Element("dd")!.Value);
        facts.Should().Contain("Elapsed", "1.50 s").And.Contain("Of that the model", "12.3 ms").And.Contain("Predictor calls", "3").And.Contain("Rows scored", "12,345")
            .And.Contain("Seed", "7").And.Contain("Background", "100 rows, centres of k-means clusters").And.Contain("Values", "exact");
        page.Descendants("code").Select(static c => c.Value).Should().Contain(OptionTable.Find("Shap")!.Options.Select(static o => o.Name));
    }

    [Fact]
    public void Pictures_OnThePage_AreDescribedAndHaveNamesOfTheirOwn()
    {
        XElement page = ShapCase.Xml(ShapCase.Of(4, 1, 3).Page);

        XElement[] pictures = [.. page.Descendants().Where(static e => e.Name.LocalName == "svg")];
        string[] ids = [.. page.Descendants().Attributes("id").Select(static a => a.Value)];

        pictures.Should().HaveCount(6, "each row is drawn for wide screens and for narrow ones");
        ids.Should().OnlyHaveUniqueItems();
        foreach (XElement picture in pictures)
        {
            picture.Attribute("role")!.Value.Should().Be("img");
            picture.Attribute("aria-labelledby")!.Value.Split(' ').Should().BeSubsetOf(ids);
        }
    }

    private static string Lead(XElement page) => OfClass(page, "p", "lead").Value;

    private static XElement OfClass(XElement page, string element, string name) => page.Descendants(element).First(e => HasClass(e, name));

    private static bool HasClass(XElement element, string name) => (element.Attribute("class")?.Value ?? "").Split(' ').Contains(name);
}
