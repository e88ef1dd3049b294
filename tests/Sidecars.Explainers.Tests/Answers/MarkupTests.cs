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

    [Fact]
    public void Add_ANumber_IsWrittenTheSameInEveryCulture() =>
        new Markup().Add($"{1234.5:0.00} {-3}").ToString().Should().Be("1234.50 -3");
}
