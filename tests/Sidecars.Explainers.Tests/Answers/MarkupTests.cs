using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class MarkupTests
{
    [Fact]
    public void Add_ATextInAHole_IsEscaped() =>
        new Markup().Add($"<td title=\"{"a\"'&<b>"}\">").ToString().Should().Be("<td title=\"a&quot;&#x27;&amp;&lt;b&gt;\">");

    [Fact]
    public void Add_MarkupInAHole_IsMarkup() =>
        new Markup().Add($"<p>{new Markup().Add($"<b>{"<"}</b>")}</p>").ToString().Should().Be("<p><b>&lt;</b></p>");

    [Fact]
    public void Add_WhatXmlCannotHold_IsReplaced() =>
        new Markup().Add($"<t>{"a\u0001b\uFFFEc\ud800d\te"}</t>").ToString().Should().MatchRegex("^<t>a\uFFFDb\uFFFDc(\uFFFD|&#xFFFD;)d(\t|&#x9;)e</t>$");

    [Theory]
    [InlineData("גיל", "<t>\u2068גיל\u2069 = 5</t>")]
    [InlineData("عمر <b>", "<t>\u2068عمر &lt;b&gt;\u2069 = 5</t>")]
    [InlineData("a\u202Eb", "<t>a\uFFFDb = 5</t>")]
    [InlineData("界 é −3", "<t>界 é −3 = 5</t>")]
    public void Add_ATextFromRightToLeft_IsSetApart(string name, string expected) =>
        new Markup().Add($"<t>{name} = {5}</t>").ToString().Should().Be(expected);

    [Fact]
    public void Add_ANumber_IsWrittenTheSameInEveryCulture() =>
        new Markup().Add($"{1234.5:0.00} {-3}").ToString().Should().Be("1234.50 -3");
}
