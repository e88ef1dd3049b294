using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sidecars.Explainers.Tests.Answers;

public sealed partial class ShapPictureTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public ShapPictureTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Fact]
    public void Picture_OfARow_IsADocumentOfItsOwn()
    {
        XElement svg = ShapCase.Xml(new ShapCase { Model = "credit" }.Picture);

        svg.Name.Should().Be(s_svg + "svg");
        svg.Attribute("viewBox")!.Value.Should().Be($"0 0 {svg.Attribute("width")!.Value} {svg.Attribute("height")!.Value}");
        svg.Element(s_svg + "title")!.Value.Should().Be("credit says yes");
        svg.Element(s_svg + "desc")!.Value.Should().Be(
            "credit says yes. From the base value 0.250, the probability of yes goes by gain = 2174 +0.250, age = 39 +0.125, work = 1 −0.062 to f(x) = 0.562.");
        svg.Element(s_svg + "style")!.Value.Should().Contain("prefers-color-scheme: dark");
        svg.Descendants(s_svg + "rect").Single().Attribute("class")!.Value.Should().Be("ground");
        svg.Descendants().Should().NotContain(static e => e.Name.LocalName == "script");
    }

    [Fact]
    public void Bars_OfAPicture_SayTheirDirectionInColourInShapeAndInSign()
    {
        XElement svg = ShapCase.Xml(new ShapCase { Values = [0.5, -0.25, 0] }.Picture);

        XElement[] steps = [.. svg.Descendants(s_svg + "g").Where(static g => g.Element(s_svg + "title") is not null)];

        steps.Select(static g => g.Element(s_svg + "title")!.Value).Should().Equal(
            "base value: 0.250", "age = 39: +0.500", "work = 1: −0.250", "gain = 2174: 0", "f(x): 0.500");
        Arrow(steps[1]).Should().Be(("raise", "#ff0051", true));
        Arrow(steps[2]).Should().Be(("lower", "#008bfb", false));
        steps[3].Elements(s_svg + "path").Should().OnlyContain(static p => p.Attribute("class")!.Value == "ink");
        svg.Descendants(s_svg + "text").Select(static t => t.Value).Should().Contain(["+0.500", "−0.250", "0"]);
    }

    [Fact]
    public void Rows_OfAPicture_AreStackedUpToTwenty()
    {
        XElement few = ShapCase.Xml(ShapCase.Of(3, 1, 2).Picture), many = ShapCase.Xml(ShapCase.Of(3, 1, 25).Picture);

        Titles(few).Should().Equal("Row 1: model says yes", "Row 2: model says yes");
        Titles(many).Should().HaveCount(20);
        many.Descendants(s_svg + "text").Last().Value.Should().Be("5 more rows are not drawn.");
        double height = double.Parse(many.Attribute("height")!.Value, CultureInfo.InvariantCulture);
        many.Elements(s_svg + "g").Select(static g => double.Parse(Shift().Match(g.Attribute("transform")!.Value).Groups[1].Value, CultureInfo.InvariantCulture))
            .Should().BeInAscendingOrder().And.OnlyContain(y => y < height);
    }

    [Fact]
    public void Picture_OfHostileNamesAndNoNumbers_IsWellFormed()
    {
        string picture = new ShapCase { Model = "</svg><script>", Features = ["]]>", "\u0000", "c"], Values = [double.NaN, 0, 0] }.Picture;

        ShapCase.Xml(picture).Value.Should().Contain("There is nothing to draw");
        ShapCase.Xml(new ShapCase { Model = "</svg><script>", Features = ["]]>", "\u0000", "c"] }.Picture).Value.Should().Contain("]]>");
        picture.Should().NotContain("<script");
    }

    [Theory]
    [InlineData("<&>\"'\u0007\uFFFF")]
    [InlineData("\u202Ereversed")]
    [InlineData("גיל המטופל")]
    public void Picture_OfHostileAndLongNames_IsWellFormedAndAsWideAsEver(string part)
    {
        string name = string.Concat(Enumerable.Repeat(part, 500 / part.Length));
        XElement svg = ShapCase.Xml(new ShapCase { Model = name, Features = [name, name, name] }.Picture);

        svg.Attribute("width")!.Value.Should().Be(ShapCase.Xml(new ShapCase().Picture).Attribute("width")!.Value);
        svg.Descendants(s_svg + "tspan").Should().OnlyContain(static t => t.Value.Length < 60);
        svg.Value.Should().NotContainAny("\u0007", "\u202E", "\uFFFF");
    }

    private static IEnumerable<string> Titles(XElement svg) =>
        svg.Descendants(s_svg + "text").Where(static t => t.Attribute("font-size") is not null).Select(static t => t.Value);

    /// <summary>Whether an arrow's neck stands before its tip, seen from the left: its third and fourth points.</summary>
    private static (string Class, string Fill, bool ToTheRight) Arrow(XElement step)
    {
        XElement path = step.Element(s_svg + "path")!;
        Match match = Neck().Match(path.Attribute("d")!.Value);
        return (path.Attribute("class")!.Value, path.Attribute("fill")!.Value,
            double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) < double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"H([-0-9.]+)L([-0-9.]+) ")]
    private static partial Regex Neck();

    [GeneratedRegex(@"translate\([0-9.]+ ([0-9.]+)\)")]
    private static partial Regex Shift();
}
