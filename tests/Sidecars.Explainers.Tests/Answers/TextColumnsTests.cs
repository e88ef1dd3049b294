using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class TextColumnsTests
{
    [Theory]
    [InlineData("short", 8, "short   ")]
    [InlineData("exactly8", 8, "exactly8")]
    [InlineData("much too long", 8, "much to…")]
    [InlineData("界界界界界", 8, "界界界… ")]
    [InlineData("✅ ok", 8, "✅ ok   ")]
    [InlineData("⚠ ok", 8, "⚠ ok    ")]
    [InlineData("⭐⭐⭐⭐", 7, "⭐⭐⭐…")]
    [InlineData("a\u001b[31m\nb", 8, "a\uFFFD[31m\uFFFDb")]
    [InlineData("a\u202Eb", 4, "a\uFFFDb ")]
    public void Fit_AText_TakesJustItsColumns(string text, int columns, string expected) => TextColumns.Fit(text, columns).Should().Be(expected);

    [Theory]
    [InlineData("age", "39", 12, "age = 39    ")]
    [InlineData("a long name", "39", 12, "a long… = 39")]
    [InlineData("age", "a long value", 12, "age = a lon…")]
    [InlineData("a long name", "a long value", 13, "a l… = a lon…")]
    public void Fit_ANameAndItsValue_LeavesRoomForBoth(string name, string value, int columns, string expected) =>
        TextColumns.Fit(name, value, columns).Should().HaveLength(columns).And.Be(expected);
}
