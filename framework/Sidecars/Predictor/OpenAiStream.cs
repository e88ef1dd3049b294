using System.Text.Json.Nodes;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>A streamed answer, event by event.</summary>
internal sealed class OpenAiStream(HttpResponseMessage answer, Stream body, CallLimit limit, Uri address, int maxDepth) : IDisposable
{
    // A chunk carries some tokens; an image or a piece of sound in it may take some megabytes.
    private const int MaxEvent = 16 << 20;

    private readonly SseReader _events = new(body, MaxEvent);

    /// <summary>The next chunk; null when the answer is complete.</summary>
    /// <exception cref="InferenceException">It broke off, nothing came in time, or what came is no chunk.</exception>
    public async ValueTask<JsonObject?> NextAsync()
    {
        limit.Restart();
        try
        {
            if (await _events.NextAsync(limit.Token).ConfigureAwait(false) is not { } data)
            {
                throw new InferenceException(
                    ErrorKind.PredictorBody, $"The predictor at {address.Authority} ended its answer before it was complete.");
            }

            if (data.Span.Trim(" \r\n"u8).SequenceEqual("[DONE]"u8))
            {
                return null;
            }

            JsonObject chunk = OpenAiClient.Read(data, maxDepth, address);
            return OpenAiErrors.Event(chunk) is { } error ? throw error : chunk;
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            throw limit.TimeoutError(address, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw PredictorErrors.Of(e, address);
        }
        finally
        {
            limit.Pause();
        }
    }

    /// <summary>Ends it, complete or not; the predictor sees its caller go.</summary>
    public void Dispose()
    {
        _events.Dispose();
        answer.Dispose();
        limit.Dispose();
    }
}
