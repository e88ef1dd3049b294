using Sidecars.Explainers.Server.Explain;

namespace Sidecars.Explainers.Server.Tests;

public sealed class ResultFileTests : IDisposable
{
    private const string First = """{"row":0,"meta":{},"data":{}}""" + "\n";
    private const string Second = """{"row":12,"error":"no"}""" + "\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_OfWholeLines_SaysWhichRowsAreDone() => Open(First + Second).Should().Be(("0,12", First + Second));

    [Fact]
    public void File_ThatIsNew_HasNoRows() => Open(null).Should().Be(("", ""));

    [Theory]
    [InlineData("""{"row":3,"meta":{},"da""")]
    [InlineData("""{"row":3""")]
    [InlineData("{")]
    [InlineData("""{"row":3,"meta":{},"data":{}}""")]
    [InlineData("""{"row":3,"meta":{},""" + "\n")]
    [InlineData("\0\0\0\0")]
    public void File_WithATornLastLine_LosesOnlyThat(string torn) => Open(First + Second + torn).Should().Be(("0,12", First + Second));

    [Theory]
    [InlineData("""{"ro""")]
    [InlineData("""{"row":3,"me""")]
    public void File_OfATornLineOnly_BeginsAnew(string torn) => Open(torn).Should().Be(("", ""));

    [Theory]
    [InlineData("Age,Income\n")]
    [InlineData("Age,Income\n39,1\n")]
    [InlineData("notes")]
    [InlineData(First + "something else\n" + Second)]
    public void File_OfOtherThings_IsLeftAsItIs(string text)
    {
        string path = _folder.Write("out.jsonl", text);

        FluentActions.Invoking(() => ResultFile.Open(path)).Should().Throw<IOException>().WithMessage("line * of * is no result of this command*");
        File.ReadAllText(path).Should().Be(text);
    }

    [Fact]
    public void File_ThatIsBeingWritten_IsRefusedToOthers()
    {
        string path = _folder["out.jsonl"];
        using ResultFile file = ResultFile.Open(path);

        FluentActions.Invoking(() => ResultFile.Open(path)).Should().Throw<IOException>();
    }

    [Fact]
    public void File_WrittenOn_HasTheNewLinesAfterTheOld()
    {
        string path = _folder.Write("out.jsonl", First + "{\"row\":5,");
        using (ResultFile file = ResultFile.Open(path))
        {
            file.Write("{\"row\":5,\"error\":\"x\"}\n"u8);
        }

        File.ReadAllText(path).Should().Be(First + "{\"row\":5,\"error\":\"x\"}\n");
    }

    private (string Done, string Left) Open(string? text)
    {
        string path = text is null ? _folder["out.jsonl"] : _folder.Write("out.jsonl", text);
        string done;
        using (ResultFile file = ResultFile.Open(path))
        {
            done = string.Join(',', file.Done.Order());
        }

        return (done, File.ReadAllText(path));
    }
}
