using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// A streamed answer on its way to the caller: server-sent events, each on the wire before the next is waited for. The
/// status goes with the first event, so that what fails before it has a status of its own.
/// </summary>
internal sealed class OpenAiEvents(HttpContext http)
{
    public bool Begun { get; private set; }

    public async ValueTask SendAsync(JsonObject chunk, CancellationToken cancellation)
    {
        Begin();
        using PooledBuffer json = JsonObjects.Write(chunk);
        await SendAsync(json.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    /// <summary>Tells the caller that the answer is complete.</summary>
    public ValueTask EndAsync(CancellationToken cancellation)
    {
        Begin();
        return SendAsync("[DONE]"u8.ToArray(), cancellation);
    }

    /// <summary>Tells the caller what broke the answer off. No [DONE] follows, and the connection ends.</summary>
    public async ValueTask BreakAsync(InferenceException error)
    {
        http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        await SendAsync(OpenAiError.Of(error), http.RequestAborted).ConfigureAwait(false);
    }

    private void Begin()
    {
        if (Begun)
        {
            return;
        }

        Begun = true;
        InferenceEndpoint.RemoveOwnHeaders(http.Response.Headers);
        ServerSentEvents.WriteHead(http.Response);
        http.Response.ContentType += "; charset=utf-8";
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        using var text = new PooledBuffer(data.Length + 8);
        text.Write("data: "u8);
        text.Write(data.Span);
        text.Write("\n\n"u8);
        await http.Response.BodyWriter.WriteAsync(text.WrittenMemory, cancellation).ConfigureAwait(false);
    }
}
