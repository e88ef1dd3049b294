using System.Text;
using Sidecars.Protocol;
using Sidecars.Serving;

namespace Sidecars.Tests.Serving.Events;

public sealed class ServerSentEventsTests
{
    [Theory]
    [InlineData("a", "data: a\n")]
    [InlineData("", "data: \n")]
    [InlineData("a\nb", "data: a\ndata: b\n")]
    [InlineData("a\r\nb\rc\n", "data: a\ndata: b\ndata: c\ndata: \n")]
    [InlineData("\r\r\n\n", "data: \ndata: \ndata: \ndata: \n")]
    [InlineData("data: x\n\nevent: y", "data: data: x\ndata: \ndata: event: y\n")]
    public void Data_OfAnyLines_IsOneEvent_WhereverItIsCut(string text, string lines)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        for (int cut = 0; cut <= data.Length; cut++)
        {
            using var to = new PooledBuffer();

            ServerSentEvents.TryWrite(to, "e"u8, [data.AsMemory(0, cut), data.AsMemory(cut)]).Should().BeTrue();

            Encoding.UTF8.GetString(to.WrittenSpan).Should().Be("event: e\n" + lines + "\n", "the cut is at {0}", cut);
        }
    }

    [Fact]
    public void Data_ThatIsNoUtf8_CannotBeWritten()
    {
        using var to = new PooledBuffer();

        ServerSentEvents.TryWrite(to, "e"u8, [new byte[] { 0xFF }]).Should().BeFalse();
    }

    [Theory]
    [InlineData("text/event-stream", true)]
    [InlineData("application/json, TEXT/Event-Stream;q=0.001", true)]
    [InlineData("text/event-stream;q=0", false)]
    [InlineData("text/event-stream;q=no", false)]
    [InlineData("text/*", false)]
    [InlineData("text/event-streams", false)]
    [InlineData("text/event-stream, *; q=.2", false)]
    [InlineData(null, false)]
    public void Accept_OfAll_NamesATypeOnlyInFull(string? accept, bool named) =>
        AcceptedTypes.Names(accept, "text/event-stream").Should().Be(named);

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("text/html", true)]
    [InlineData("TEXT/HTML; q=0.5, application/json;q=0.4", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/html;q=0", false)]
    [InlineData("text/html;q=0.8, */*", false)]
    [InlineData("application/json, text/html", false)]
    [InlineData("text/html;q=0.7, application/*;q=0.8", false)]
    [InlineData("text/html;q=0.7, application/json;q=0.6, application/*;q=0.8", true)]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", false)]
    public void Accept_OfAll_PrefersAPageOnlyWhenItSaysSo(string? accept, bool page) => AcceptedTypes.PrefersHtml(accept).Should().Be(page);
}
