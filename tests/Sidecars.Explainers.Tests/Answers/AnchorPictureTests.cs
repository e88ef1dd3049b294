using System.Globalization;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class AnchorPictureTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Names => AnchorCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Picture_OfAnyAnchor_HasEverythingInside(string name) => Inside(Picture(AnchorCases.All[name].Answer()));

    [Fact]
    public void Picture_OfAnAnchor_SaysInWordsWhatItShows()
    {
        XElement picture = Picture(AnchorCases.Met.Answer());

        picture.Attribute("role")!.Value.Should().Be("img");
        picture.Element(s_svg + "title")!.Value.Should().Be("income says <=50K: the anchor");
        picture.Element(s_svg + "desc")!.Value.Replace('\u00a0', ' ').Should().Be(
            "If Marital Status = Married and 28 < Age ≤ 37 and Hours per week > 39.5, then income says <=50K, for 97.2% of such rows. "
            + "The precision lies between 95.7% and 98.4% with 90% confidence; the threshold of 95%: met. Coverage: 8.4%, 2,191 of 26,049 training rows.");
    }

    [Fact]
    public void Picture_OfAnAnchor_HasTheRuleAndItsNumbersAsText() =>
        Texts(Picture(AnchorCases.Met.Answer())).Should().ContainInOrder(
            "income says <=50K", "IF", "Marital Status = Married", "this row: Married", "AND", "28 < Age ≤ 37", "this row: 31", "THEN",
            "threshold 95%", "97.2%", "95.7%", "98.4%", "8.4%", "any row", "76.3%", "+ Marital Status = Married", "81.0%", "47.0%");

    [Theory]
    [InlineData("met", "circle", "dot", "ink")]
    [InlineData("not_met", "path", "ring", "ink")]
    [InlineData("out_of_time", "circle", "ring", "ink unsure")]
    public void Point_OfAStatus_HasAShapeOfItsOwn(string name, string element, string style, string interval)
    {
        XElement picture = Picture(AnchorCases.All[name].Answer());

        picture.Descendants().Single(static e => e.Attribute("class")?.Value is "dot" or "ring").Name.LocalName.Should().Be(element);
        picture.Descendants(s_svg + element).Should().ContainSingle(e => e.Attribute("class")!.Value == style);
        picture.Descendants(s_svg + "path").Should().Contain(e => e.Attribute("class")!.Value == interval);
    }

    [Fact]
    public void Picture_OfManyRows_ShowsTwentyAndSaysSo()
    {
        XElement picture = Picture(AnchorCase.Answer(AnchorCases.Several(63)));

        Inside(picture);
        Texts(picture).Where(static t => t.StartsWith("Row ", StringComparison.Ordinal)).Should().HaveCount(20);
        Texts(picture).Should().Contain("The first 20 of 63 rows; all are in the answer as JSON.");
    }

    [Fact]
    public void Picture_WhereNumbersAreWrittenOtherwise_IsTheSame()
    {
        string here = AnchorCase.Encode(AnchorCases.Met.Answer(), AnswerForm.Picture);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = GermanNumbers.Culture;
        try
        {
            AnchorCase.Encode(AnchorCases.Met.Answer(), AnswerForm.Picture).Should().Be(here);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Texts by how wide they are at most, rectangles and circles by their sizes, none below zero or past the viewBox.</summary>
    private static void Inside(XElement picture)
    {
        double[] box = [.. picture.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
        foreach (XElement element in picture.Descendants())
        {
            (double x, double y) = element.Ancestors(s_svg + "g").Select(static g => g.Attribute("transform")!.Value["translate(".Length..^1].Split(' '))
                .Aggregate((X: 0.0, Y: 0.0), static (at, by) => (at.X + Number(by[0]), at.Y + Number(by[1])));
            if (element.Name == s_svg + "text")
            {
                string style = element.Attribute("class")?.Value ?? "";
                double size = style.Contains("heading") ? 20 * TextWidth.Bold : style.Contains("big") ? 26 : style.Contains("rule") || style.Contains("value") ? 15
                    : style.Contains("small") ? 12 : 13;
                double width = TextWidth.Of(element.Value, size);
                x += Get("x") - (element.Attribute("text-anchor")?.Value switch { "end" => width, "middle" => width / 2, _ => 0 });
                y += Get("y");
                Within(x, y, width, 0);
            }
            else if (element.Name == s_svg + "rect")
            {
                Within(x + (element.Attribute("x") is null ? 0 : Get("x")), y + (element.Attribute("y") is null ? 0 : Get("y")), Get("width"), Get("height"));
            }
            else if (element.Name == s_svg + "circle")
            {
                Within(x + Get("cx") - Get("r"), y + Get("cy") - Get("r"), 2 * Get("r"), 2 * Get("r"));
            }

            double Get(string name) => Number(element.Attribute(name)!.Value);
            void Within(double left, double top, double width, double height)
            {
                (left >= 0 && top >= 0 && width >= 0 && left + width <= box[2] + 0.01 && top + height <= box[3] + 0.01)
                    .Should().BeTrue($"{element} is at {left}, {top} and {width} wide in {box[2]} by {box[3]}");
            }
        }
    }

    private static XElement Picture(AnchorAnswer answer) => XElement.Parse(AnchorCase.Encode(answer, AnswerForm.Picture));

    private static IEnumerable<string> Texts(XElement picture) => picture.Descendants(s_svg + "text").Select(static t => t.Value.Replace('\u00a0', ' '));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
