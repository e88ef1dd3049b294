namespace Sidecars.Docs.Tests.Pages;

/// <summary>Blocks and the comments before them are found where people see them.</summary>
public sealed class PageTests
{
    [Fact]
    public void Parse_OfAPage_FindsFencedAndIndentedBlocksWithTheirMarkers()
    {
        const string text = """
            # Title

            <!-- compile: with=MyModel in=Asking -->
            ```csharp
            int a;

            int b;
            ```

            <!-- run -->

                curl x

                curl y

            text
                and more of it

            - item

                still the item
            """;

        Block[] blocks = [.. Page.Parse("page.md", text).Blocks];

        blocks.Select(static b => (b.Line, b.Language, b.Text)).Should().Equal(
            (5, "csharp", "int a;\n\nint b;"), (12, "indented", "curl x\n\ncurl y"));
        blocks[0].Marker!.Value("with").Should().Be("MyModel");
        blocks[1].Verb.Should().Be("run");
        blocks[1].Marker!.Rest.Should().BeEmpty();
    }

    [Theory]
    [InlineData("<!-- cannot run: needs a cluster -->", "cannot run", "needs a cluster")]
    [InlineData("<!-- answer -->", "answer", "")]
    public void Marker_OfAComment_IsVerbAndRest(string line, string verb, string rest) => Marker.Read(line).Should().Be(new Marker(verb, rest));

    [Fact]
    public void Pages_OfTheRepository_AreFound() =>
        Repository.Pages.Should().Contain(["README.md", "docs/flags.md", "docs/adr/0001-one-payload-type.md", "framework/Sidecars/README.md"]);
}
