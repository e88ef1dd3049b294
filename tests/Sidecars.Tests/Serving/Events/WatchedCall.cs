using System.Text;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving.Events;

/// <summary>An explanation as its caller watches it: events as they arrive, read by the rules of the standard.</summary>
internal sealed class WatchedCall : IDisposable
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private readonly StreamReader _reader;

    private WatchedCall(HttpResponseMessage answer, Stream body)
    {
        Answer = answer;
        _reader = new StreamReader(body);
    }

    public HttpResponseMessage Answer { get; }
    public static async Task<HttpResponseMessage> PostAsync(
        SidecarTestHost host, string body = """{"instances":[[1,2]]}""", string path = "/v1/models/model:explain", string accept = "text/event-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = TestCalls.Json(body) };
        request.Headers.Add("Accept", accept);
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Most);
    }

    public static async Task<WatchedCall> OpenAsync(Task<HttpResponseMessage> sending)
    {
        HttpResponseMessage answer = await sending;
        ((int)answer.StatusCode).Should().Be(200);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream");
        return new WatchedCall(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null at the end of the answer, which has to be a proper one.</summary>
    public async Task<Event?> NextAsync()
    {
        string name = "message";
        StringBuilder? data = null;
        while (await _reader.ReadLineAsync().WaitAsync(Most) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                return new Event(name, data.ToString());
            }

            // Comments come whenever a test's clock goes far ahead.
            if (line is "" or ":")
            {
                continue;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string value = line[(colon + 2)..];
            switch (line[..colon])
            {
                case "event": name = value; break;
                case "data": data = data is null ? new StringBuilder(value) : data.Append('\n').Append(value); break;
                default: throw new InvalidOperationException($"'{line}' is no field that is sent here.");
            }
        }

        data.Should().BeNull("an event that is not ended is none");
        return null;
    }

    /// <summary>Reads the comment that has to come next.</summary>
    public async Task CommentAsync()
    {
        (await _reader.ReadLineAsync().WaitAsync(Most)).Should().Be(":");
        (await _reader.ReadLineAsync().WaitAsync(Most)).Should().BeEmpty();
    }

    public async Task<List<Event>> RestAsync()
    {
        List<Event> all = [];
        while (await NextAsync() is { } next)
        {
            all.Add(next);
        }

        return all;
    }

    public void Dispose()
    {
        _reader.Dispose();
        Answer.Dispose();
    }

    internal sealed record Event(string Name, string Data);
}
