namespace Sidecars.Tests.OpenAi;

/// <summary>Reads a streamed answer as its caller sees it.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _reader = new StreamReader(body);
    }

    public static async Task<EventStream> OpenAsync(Task<HttpResponseMessage> sending)
    {
        HttpResponseMessage answer = await sending;
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream; charset=utf-8");
        return new EventStream(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event's data; null at the end of the answer.</summary>
    public async Task<string?> NextAsync()
    {
        if (await _reader.ReadLineAsync().WaitAsync(OpenAiServer.Most) is not { } line)
        {
            return null;
        }

        line.Should().StartWith("data: ");
        (await _reader.ReadLineAsync().WaitAsync(OpenAiServer.Most)).Should().BeEmpty();
        return line["data: ".Length..];
    }

    public async Task<List<string>> RestAsync()
    {
        List<string> all = [];
        while (await NextAsync() is { } data)
        {
            all.Add(data);
        }

        return all;
    }

    /// <summary>Leaves, finished or not.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _answer.Dispose();
    }
}
