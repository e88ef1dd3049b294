using Sidecars.Docs.Tests.Pages;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>What pages tell to do can be done in their order, and comes out as they say. Needs curl and jq.</summary>
public sealed class PageRunTests
{
    private const string Answering = "<!-- run -->\n```bash\necho '{\"a\": 0.123456789, \"b\": 17}'\n```\n\n<!-- answer -->\n";

    public static TheoryData<string> Pages => new(Page.All.Where(static p => p.Blocks.Any(static b => b.Verb is "run" or "serve")).Select(static p => p.Path));

    [Theory]
    [MemberData(nameof(Pages))]
    [Trait("Category", "Interop")]
    public Task Page_FromTopToBottom_DoesWhatItSays(string page) => PageRun.OfAsync(Page.Read(page));

    [Fact]
    public Task Answer_OfTheCommandBefore_IsTaken() =>
        PageRun.OfAsync(Page.Parse("page.md", Answering + "```json\n{\"a\": 0.123459999, …}\n```\n"));

    [Fact]
    public Task Answer_OfAnother_IsRefused() =>
        FluentActions.Awaiting(() => PageRun.OfAsync(Page.Parse("page.md", Answering + "```json\n{\"a\": 0.123466789, \"b\": 17}\n```\n")))
            .Should().ThrowAsync<Xunit.Sdk.XunitException>();

    [Fact]
    public async Task Command_ThatFails_EndsThePageAndSaysWhere() =>
        (await FluentActions.Awaiting(() => PageRun.OfAsync(Page.Parse("page.md", "<!-- run -->\n```bash\ncat no-such-file\n```\n")))
            .Should().ThrowAsync<InvalidOperationException>()).WithMessage("page.md:3: Exit code 1:*no-such-file*");
}
