using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Tests.Serving;

namespace Sidecars.Explainers.Tests.Answers;

public sealed partial class AnchorPageTests
{
    public static TheoryData<string> Names => AnchorCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_OfAnyAnchor_IsWellFormedAndNeedsNothingElse(string name) => Whole(Page(AnchorCases.All[name].Answer()));

    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    public void Page_OfSeveralRows_IsWellFormedAndNeedsNothingElse(int rows) => Whole(Page(AnchorCase.Answer(AnchorCases.Several(rows))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_OfAPage_AreThoseOfTheJson(string name)
    {
        AnchorCase anchor = AnchorCases.All[name];

        double[] shown = [.. Page(anchor.Answer()).Descendants("data").Select(static d => double.Parse(d.Attribute("value")!.Value, CultureInfo.InvariantCulture))];

        JsonElement data = AnchorCase.Json(anchor.Answer()).At("data");
        double[] precisions = data.At("raw.precision").Numbers(), coverages = data.At("raw.coverage").Numbers();
        double[] interval = data.At("precision_interval").Numbers();
        double[] steps = [.. precisions.Zip(coverages).SelectMany(static s => new[] { s.First, s.Second })];
        shown.Should().Equal(
        [
            data.At("precision").GetDouble(), interval[0], interval[1], data.At("coverage").GetDouble(),
            .. steps.Length == 0 ? Array.Empty<double>() : [data.At("raw.all_precision").GetDouble(), 1, .. steps],
        ]);
    }

    [Fact]
    public void Rule_OfAPage_HasTheRowsValueBesideEachCondition() =>
        Texts(Page(AnchorCases.Met.Answer()), "rule").Should().Equal(
            "IF Marital Status = Married this row: Married",
            "AND 28 < Age ≤ 37 this row: 31",
            "AND Hours per week > 39.5 this row: 45.5",
            "THEN income says <=50K, for 97.2% of such rows");

    [Theory]
    [InlineData("empty", "Whatever the row, income says <=50K: of rows drawn at random from the training data, 99.5% got this class, and 99.0% of the search's own rows (the base precision).")]
    [InlineData("empty_not_met", "No condition that was tried is known to make income say <=50K more reliably: of rows drawn at random from the training data, 61.2% got this class, and 60.0% of the search's own rows (the base precision).")]
    [InlineData("empty_out_of_time", "No condition was known in time to make income say <=50K more reliably: of rows drawn at random from the training data, 0% got this class (the base precision).")]
    public void Rule_WithoutConditions_IsSaidInWords(string name, string expected)
    {
        XElement page = Page(AnchorCases.All[name].Answer());

        Texts(page, "rule").Should().Equal(expected);
        page.Value.Should().NotContain("What each condition added").And.Contain("holds on every row");
    }

    [Theory]
    [InlineData("met", "✓", "Threshold met", "good", "shown to reach the threshold of 95%")]
    [InlineData("not_met", "✕", "Threshold not met", "warn", "this is the most precise one")]
    [InlineData("out_of_time", "◔", "Out of time", "warn", "may look better than it is")]
    [InlineData("threshold_1", "✓", "Threshold met", "good", "no number of rows can show the threshold of 100% itself")]
    public void Badge_OfAStatus_HasItsSignItsWordsAndWhatItMeans(string name, string sign, string words, string tone, string meaning)
    {
        XElement header = Page(AnchorCases.All[name].Answer()).Descendants("header").Single();

        XElement badge = Of(header, "badge").Single();
        Of(badge, "sign").Single().Value.Should().Be(sign);
        badge.Value.Should().Be(sign + words);
        Classes(badge).Should().Contain(tone);
        Of(header, "lead").Single().Value.Should().Contain(meaning);
    }

    [Theory]
    [InlineData("met", "income says <=50K")]
    [InlineData("many_classes", "income says kind 31")]
    [InlineData("no_class_names", "income says class 7")]
    [InlineData("numbers_for_classes", "income says 3.25")]
    public void Heading_OfAPage_NamesTheClass(string name, string expected) =>
        Page(AnchorCases.All[name].Answer()).Descendants("h1").Single().Value.Should().Be(expected);

    [Theory]
    [InlineData(0.97, "The condition raises this to 97.0%, and holds on 47.0% of the training rows.")]
    [InlineData(0.5, "The condition changes this to 50.0%, and holds on 47.0% of the training rows.")]
    public void Steps_OfOneCondition_AreToldInTheSingular(double precision, string expected)
    {
        AnchorCase one = AnchorCases.Met with { Rule = [new AnchorPredicate(2, Equal: 1)], Steps = [(precision, 0.47)] };

        Page(one.Answer()).Value.Should().Contain(expected);
    }

    [Fact]
    public void Steps_OfAPage_SayWhatEachConditionDid()
    {
        XElement page = Page(AnchorCases.Met.Answer());

        page.Value.Should().Contain("Of rows drawn at random, 76.3% get <=50K (the base precision). The 3 conditions together raise this to 97.2%, and hold on 8.4% of the training rows.");
        Table(page, "steps").Should().Equal(
            "any row | 76.3% | 100%",
            "+ Marital Status = Married | 81.0% +4.8 points | 47.0% −53.0 points",
            "+ 28 < Age ≤ 37 | 93.4% +12.4 points | 21.3% −25.8 points",
            "+ Hours per week > 39.5 | 97.2% +3.8 points | 8.4% −12.8 points");
    }

    [Fact]
    public void Steps_ThatLosePrecision_AreDrawnAsALoss()
    {
        XElement[] rows = [.. Of(Page(AnchorCases.All["falling"].Answer()), "steps").Single().Element("tbody")!.Elements()];

        rows.Select(static row => string.Join(' ', row.Elements("td").First().Descendants("rect").Select(static r => r.Attribute("class")!.Value)))
            .Should().Equal("kept", "kept gained", "kept lost", "kept gained");
        XElement lost = Of(rows[2], "lost").First();
        lost.Attribute("x")!.Value.Should().Be("93");
        lost.Attribute("width")!.Value.Should().Be("5");
    }

    [Fact]
    public void Examples_OfAPage_HaveTheRulesColumnsFirstAndMarkWhatDiffers()
    {
        XElement table = Of(Page(AnchorCases.Met.Answer()), "rows").Single();

        table.Descendants("thead").Single().Descendants("th").Select(static h => h.Value).Should().Equal(
            "in the ruleMarital Status", "in the ruleAge", "in the ruleHours per week", "Workclass", "Capital Gain");
        Table(table, "rows").Should().Equal(
            "explained | Married | 31 | 45.5 | Private | 0",
            "income says the same of these: <=50K",
            "1 | Married | 31 | 45.5 | Self-employed | 1.5",
            "2 | Married | 31 | 45.5 | ? | 3",
            "3 | Married | 31 | 45.5 | Private | 4.5",
            "These break the rule: income says >50K",
            "1 | Married | 31 | 45.5 | Self-employed | 1.5",
            "2 | Married | 31 | 45.5 | ? | 3");
        table.Descendants("mark").Select(static m => m.Value).Should().Equal("Self-employed", "1.5", "?", "3", "4.5", "Self-employed", "1.5", "?", "3");
    }

    [Theory]
    [InlineData("sure", "None of the rows that were drawn broke the rule.")]
    [InlineData("out_of_time_unseen", "No examples were kept")]
    [InlineData("many_classes", "These break the rule: income says another class")]
    [InlineData("missing", "missing")]
    public void Examples_OfOtherAnchors_SayWhatTheyAre(string name, string expected) =>
        Page(AnchorCases.All[name].Answer()).Value.Should().Contain(expected);

    [Fact]
    public void Page_OfManyRows_ShowsFiftyAndSaysHowManyMore()
    {
        XElement page = Page(AnchorCase.Answer(AnchorCases.Several(63)));

        page.Descendants("h1").Single().Value.Should().Be("income: 63 rows");
        Of(page, "lead").First().Value.Should().Be(
            "A rule for each row, and whether it was shown to reach the threshold: 30 met, 10 not met, 10 out of time. "
            + "The first 50 are shown; the other 13 are in the same answer as JSON.");
        Table(page, "overview").Should().HaveCount(50).And.StartWith(
        [
            "1 | <=50K | Marital Status = Married and 28 < Age ≤ 37 and Hours per week > 39.5 | 97.2% | 8.4% | ✓met",
            "2 | <=50K | Marital Status = Married and 28 < Age ≤ 37 and Hours per week > 39.5 | 90.2% | 8.0% | ✕not met",
            "3 | <=50K | any row | 99.5% | 100% | ✓met",
        ]);
        Of(page, "overview").Single().Descendants("a").Select(static a => a.Attribute("href")!.Value[1..])
            .Should().Equal(Of(page, "inner").Select(static d => d.Attribute("id")!.Value));
    }

    [Fact]
    public void Page_OfHostileNames_ShowsThemAsText()
    {
        XElement page = Page(AnchorCases.All["hostile"].Answer());

        page.Descendants("script").Should().BeEmpty();
        page.Descendants("h1").Single().Value.Should().Be($"{AnchorCases.Hostile} says {AnchorCases.Hostile}");
        page.Value.Should().Contain("b\uFFFD[31m");
    }

    [Fact]
    public void Page_WhereNumbersAreWrittenOtherwise_IsTheSame()
    {
        string here = AnchorCase.Encode(AnchorCases.Met.Answer(), AnswerForm.Page);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = GermanNumbers.Culture;
        try
        {
            AnchorCase.Encode(AnchorCases.Met.Answer(), AnswerForm.Page).Should().Be(here);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void Whole(XElement page)
    {
        page.Descendants().Select(static e => e.Name.LocalName).Should().NotContain(["script", "link", "iframe", "img", "object", "form"]);
        page.DescendantsAndSelf().Attributes().Should().NotContain(static a => a.Name.LocalName.StartsWith("on") || a.Name.LocalName == "src");
        page.Descendants("a").Should().NotContain(static a => !a.Attribute("href")!.Value.StartsWith('#'));
        page.Descendants("style").Single().Value.Should().NotContainAny("url(", "@import");
        string[] ids = [.. page.Descendants().Attributes("id").Select(static a => a.Value)];
        ids.Should().OnlyHaveUniqueItems();
        page.Descendants().Attributes("aria-labelledby").SelectMany(static a => a.Value.Split(' ')).Should().BeSubsetOf(ids);
        Of(page, "scroll").Where(static s => s.Attribute("role") is not null).Should().NotContain(static s => s.Attribute("tabindex")!.Value != "0");
        page.Descendants("svg").Should().OnlyContain(static s => s.Attribute("aria-hidden") != null || s.Attribute("aria-label")!.Value.StartsWith("Precision "));
        page.Descendants("h1").Should().ContainSingle();
    }

    private static XElement Page(AnchorAnswer answer)
    {
        string text = AnchorCase.Encode(answer, AnswerForm.Page);
        text.Should().StartWith("<!DOCTYPE html>");
        return XElement.Parse(text["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace);
    }

    private static IEnumerable<XElement> Of(XElement within, string name) => within.Descendants().Where(e => Classes(e).Contains(name));

    private static string[] Classes(XElement element) => element.Attribute("class")?.Value.Split(' ') ?? [];

    private static IEnumerable<string> Texts(XElement page, string name) => Of(page, name).First().Elements("p").Select(Text);

    private static IEnumerable<string> Table(XElement page, string name) =>
        page.DescendantsAndSelf("table").Single(t => Classes(t).Contains(name)).Elements("tbody").Elements("tr").Select(static row => string.Join(" | ", row.Elements().Select(Text)));

    private static string Text(XElement element) => Spaces().Replace(element.Value, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
