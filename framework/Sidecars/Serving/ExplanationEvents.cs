using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// An explanation that its caller watches: <c>progress</c> events while it is made, and <c>explanation</c> or <c>error</c>
/// as the last. The status goes with the first event, so that a request that is refused has a status of its own; or with
/// the first comment, which is sent when there was nothing else for a while.
/// </summary>
/// <remarks>
/// Whoever reports leaves the report in a place for one and goes on; <see cref="PumpAsync"/> takes what lies there as fast
/// as the caller reads. From <see cref="Start"/> until this is disposed of, the response belongs to it. Only the pump
/// writes until it has ended, and only whole events and comments, so that neither ever stands within the other.
/// </remarks>
internal sealed class ExplanationEvents(HttpContext http, TimeProvider time) : IProgress<ExplainProgress>, IAsyncDisposable
{
    /// <summary>The least time between two reports: more of them nobody can read, and a search has better to do.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest silence. Proxies close connections on which nothing comes for a time, often a minute; the standard of
    /// server-sent events advises a comment every 15 seconds.
    /// </summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    /// <summary>A comment without a word, and the empty line after which readers who wait for one look at what they have.</summary>
    private static readonly byte[] s_comment = [.. ":\n\n"u8];

    private readonly Channel<(ExplainProgress Progress, TimeSpan Elapsed)> _latest =
        Channel.CreateBounded<(ExplainProgress, TimeSpan)>(new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });

    private readonly CancellationTokenSource _ending = new();
    private readonly long _began = time.GetTimestamp();
    private Task _pump = Task.CompletedTask;
    private bool _begun, _foreign;

    public static bool AreWanted(HttpRequest request) =>
        AcceptedTypes.Names(request.Headers.Accept, MediaTypes.EventStream);

    public void Start() => _pump = PumpAsync();

    public void Report(ExplainProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _latest.Writer.TryWrite((value, time.GetElapsedTime(_began)));
    }

    /// <summary>Sends the explanation, after what was reported last.</summary>
    /// <param name="answer">The bytes a caller who does not watch would get.</param>
    /// <param name="contentType">Their media type; one that is not JSON is told by an event of its own before them.</param>
    /// <exception cref="InferenceException">The explanation is no text.</exception>
    public async Task EndAsync(IReadOnlyList<ReadOnlyMemory<byte>> answer, string? contentType)
    {
        using var text = new PooledBuffer();
        bool plain = contentType is null || MediaTypes.IsJson(contentType);
        if (!((plain || ServerSentEvents.TryWrite(text, "media-type"u8, [Encoding.UTF8.GetBytes(contentType!)]))
            && ServerSentEvents.TryWrite(text, "explanation"u8, answer)))
        {
            throw InferenceException.InvalidInput(
                $"The explanation is {contentType ?? "of no known type"} and no UTF-8 text: it cannot come as {MediaTypes.EventStream}. Ask without that in Accept.");
        }

        await StopAsync().ConfigureAwait(false);
        await SendAsync(text.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Sends an answer that its maker gives in parts: as it is when it is events already, else put together.</summary>
    public async Task EndAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> parts, string? contentType, CancellationToken cancellation)
    {
        _foreign = MediaTypes.Is(contentType, MediaTypes.EventStream);
        if (_foreign)
        {
            await StopAsync().ConfigureAwait(false);
        }

        using var whole = new PooledBuffer();
        await foreach (ReadOnlyMemory<byte> part in parts.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (_foreign)
            {
                await SendAsync(part).ConfigureAwait(false);
            }
            else
            {
                whole.Write(part.Span);
            }
        }

        if (!_foreign)
        {
            await EndAsync([whole.WrittenMemory], contentType).ConfigureAwait(false);
        }
        else if (!_begun)
        {
            // A stream of no events is one too.
            await SendAsync(default).ConfigureAwait(false);
        }
    }

    /// <summary>Tells why there is no explanation.</summary>
    /// <returns>False when nothing was sent yet, and an ordinary answer can tell it.</returns>
    public async Task<bool> BreakAsync(InferenceException error)
    {
        await StopAsync().ConfigureAwait(false);
        if (!_begun)
        {
            return false;
        }

        if (_foreign || error.Kind == ErrorKind.Canceled)
        {
            // Nobody is there to be told, or what came so far may end within an event.
            http.Abort();
            return true;
        }

        using var json = new PooledBuffer();
        JsonAnswer.WriteError(json, error);
        using var text = new PooledBuffer(json.Length + 32);
        ServerSentEvents.TryWrite(text, "error"u8, [json.WrittenMemory]);
        try
        {
            await SendAsync(text.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller went away before he was told; what happened is in the log.
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await WaitAsync().ConfigureAwait(false))
            {
                if (_latest.Reader.TryRead(out (ExplainProgress Progress, TimeSpan Elapsed) report))
                {
                    using var text = new PooledBuffer();
                    Write(text, report.Progress, report.Elapsed);
                    await SendAsync(text.WrittenMemory).ConfigureAwait(false);
                    await Task.Delay(s_pause, time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller went away, which the call itself hears of in its own time.
        }
    }

    /// <summary>Waits for a report, and breaks the silence meanwhile.</summary>
    /// <returns>False when there will be none any more.</returns>
    private async Task<bool> WaitAsync()
    {
        Task<bool> report = _latest.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            await ((Task)report).WaitAsync(s_silence, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (report.IsCompleted)
            {
                return await report.ConfigureAwait(false);
            }

            await SendAsync(s_comment).ConfigureAwait(false);
        }
    }

    private async ValueTask StopAsync()
    {
        _latest.Writer.TryComplete();
        await _ending.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> text)
    {
        if (!_begun)
        {
            _begun = true;
            ServerSentEvents.WriteHead(http.Response);
            http.Response.Headers.Vary = HeaderNames.Accept;
        }

        await http.Response.BodyWriter.WriteAsync(text, http.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(PooledBuffer to, ExplainProgress progress, TimeSpan elapsed)
    {
        using var json = new PooledBuffer();
        json.Write("{\"message\":"u8);
        JsonText.WriteString(json, progress.Message.AsSpan());
        json.Write(",\"fraction\":"u8);
        JsonText.WriteDouble(json, Math.Clamp(progress.Fraction ?? double.NaN, 0, 1));
        json.Write(",\"elapsed_seconds\":"u8);
        JsonText.WriteDouble(json, Math.Round(elapsed.TotalSeconds, 3));
        json.Write((byte)'}');
        ServerSentEvents.TryWrite(to, "progress"u8, [json.WrittenMemory]);
    }
}
