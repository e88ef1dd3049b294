using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class AnswerFormTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("text/event-stream, text/html", "text/html")]
    [InlineData("text/event-stream", "application/json")]
    [InlineData("image/svg+xml", "image/svg+xml")]
    [InlineData("text/plain; charset=utf-8", "text/plain")]
    [InlineData("text/html;q=0.2, text/plain;q=0.7", "text/plain")]
    [InlineData("text/html;q=0, image/png", "application/json")]
    [InlineData("not a media type", "application/json")]
    [InlineData("text/html, *; q=.2", "application/json")]
    [InlineData("text/html;q=most", "application/json")]
    [InlineData("application/json;q=0, */*", "text/html")]
    [InlineData("text/*, text/html;q=0.1", "text/plain")]
    [InlineData("*/*, text/html;q=0.9, application/*;q=0.1", "image/svg+xml")]
    [InlineData("*/*, text/html", "application/json")]
    [InlineData("*/*;q=0", "application/json")]
    public void Negotiate_AnAccept_ChoosesWhatIsWantedMost(string? accept, string expected) =>
        AnswerForm.Negotiate(accept).MediaType.Should().Be(expected);
}
