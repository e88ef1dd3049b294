using System.Text;
using Sidecars.Predictor;

namespace Sidecars.Tests.OpenAi;

public class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("\uFEFFdata:a\n\n", "a")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data: a\ndata\ndata:  b\n\n", "a\n\n b")]
    [InlineData(": comment\n\nevent: e\nid: 1\nretry: 5\ndatum: x\ndata: a:b\n\n", "a:b")]
    [InlineData("data:\n\ndata: a\n\n", "a")]
    [InlineData("\n\n\ndata: a\n\n\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\n\ndata: b", "a|b")]
    [InlineData("data: a\n\ndata: b\n", "a|b")]
    [InlineData("", "")]
    public async Task Next_AnyCutOfTheBytes_SameEvents(string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (int piece in (int[])[1, 2, 3, 5, Math.Max(1, bytes.Length)])
        {
            using var reader = new SseReader(new Pieces(bytes, piece), 1000);

            (await ReadAllAsync(reader)).Should().Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), "pieces of {0}", piece);
        }
    }

    [Fact]
    public async Task Next_EndsInCr_EventComesWithoutWaitingForMore()
    {
        var stream = new Pieces("data: a\r\r"u8.ToArray(), 100) { FailsAtEnd = true };
        using var reader = new SseReader(stream, 1000);

        (await reader.NextAsync(default)).Should().NotBeNull();
    }

    [Fact]
    public async Task Next_LargeEvent_IsReadWhole()
    {
        string large = new('x', 100_000);
        using var reader = new SseReader(new Pieces(Encoding.UTF8.GetBytes($"data: {large}\n\ndata: b\n\n"), 7777), 100_006);

        (await ReadAllAsync(reader)).Should().Equal(large, "b");
    }

    [Theory]
    [InlineData(1, "data: ", "")]
    [InlineData(200, "", "\ndata: x")]
    public async Task Next_EventBeyondTheLimit_IsRefused(int width, string start, string repeated)
    {
        string text = start + string.Concat(Enumerable.Repeat(repeated.Length > 0 ? repeated : "y", 40_000)) + "\n\n";
        using var reader = new SseReader(new Pieces(Encoding.UTF8.GetBytes(text), width), 20_000);

        InferenceException e = (await reader.Invoking(r => ReadAllAsync(r)).Should().ThrowAsync<InferenceException>()).Which;

        e.Kind.Should().Be(ErrorKind.PredictorBody);
        e.Message.Should().Be("The predictor sent an event larger than 20000 bytes.");
    }

    private static async Task<List<string>> ReadAllAsync(SseReader reader)
    {
        List<string> all = [];
        while (await reader.NextAsync(default) is { } data)
        {
            all.Add(Encoding.UTF8.GetString(data.Span));
        }

        return all;
    }

    /// <summary>Gives out so many bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public bool FailsAtEnd { get; init; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = Read(buffer.Span[..Math.Min(size, buffer.Length)]);
            return read == 0 && FailsAtEnd ? throw new InvalidOperationException("Read on.") : new(read);
        }
    }
}
