using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// One REST inference from its first byte to its last: (1) find the model, (2) wait for a turn, (3) read and decode the
/// body, (4) run the hooks, (5) encode and write the answer.
/// </summary>
internal sealed class InferenceEndpoint(CallHost host)
{
    public async Task HandleAsync(HttpContext http, string model, InferenceProtocol protocol, InferenceVerb verb)
    {
        InferenceContext? context = null;
        RegisteredModel? registered = null;
        InferenceException? error = null;
        ExplanationEvents? events = null;
        using CallDeadline deadline = CallDeadline.Start(host, null, http.RequestAborted);
        try
        {
            // (1)
            registered = host.Models.Require(model);

            CancellationToken cancellation = deadline.Token;
            context = host.NewContext(http, registered, verb, protocol, deadline);

            // (2)
            using ConcurrencyGate.Pass pass = await host.Gate.EnterAsync(cancellation).ConfigureAwait(false);

            // (3)
            CloudEvent? ce = CloudEvent.Of(http.Request);
            (byte[] array, int length) = await RequestBody.ReadAsync(http, host.Options.MaxRequestBodySize, cancellation).ConfigureAwait(false);
            InferRequest request = Decode(http.Request, protocol, array, length, ref ce);
            events = verb == InferenceVerb.Explain && ce is null ? Watch(http, context) : null;

            // (4)
            InferResponse response = await InferencePipeline.RunAsync(registered, request, context).ConfigureAwait(false);

            // (5)
            if (response.Stream is { } stream)
            {
                await (events?.EndAsync(stream, TypeOf(context, response.ContentType), cancellation)
                    ?? WriteStreamAsync(http, response, stream, cancellation)).ConfigureAwait(false);
            }
            else
            {
                // An explanation is a JSON document of its own, also for callers that put their rows into tensors.
                InferenceProtocol answer = verb == InferenceVerb.Explain ? InferenceProtocol.V1 : protocol;
                WirePayload payload = ResponseEncoder.Encode(response, answer, request, model);
                payload = ce?.Encode(http.Response, payload, response.IsText, model, host.Time) ?? payload;
                using (payload)
                {
                    await (events?.EndAsync(payload.Segments, TypeOf(context, payload.ContentType))
                        ?? WriteAsync(http, payload, answer)).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            error = host.Failure.Read(
                e, registered?.Name, context, http.RequestAborted.IsCancellationRequested, context?.RequestId ?? RequestId(http));
            if (events is not null && await events.BreakAsync(error).ConfigureAwait(false))
            {
                // The stream of events told it.
            }
            else if (http.Response.HasStarted)
            {
                // Too late for a status: the caller must not take what came so far for the whole.
                http.Abort();
            }
            else
            {
                http.Response.Clear();
                await JsonAnswer.WriteErrorAsync(http, error).ConfigureAwait(false);
            }
        }
        finally
        {
            if (events is not null)
            {
                await events.DisposeAsync().ConfigureAwait(false);
            }

            if (context is not null)
            {
                host.Record(context, error);
                context.Payloads.Dispose();
            }
        }
    }

    /// <summary>
    /// <c>/explain</c>, which other servers have for V2 callers: the request is V2, the answer is the explanation alone. It
    /// names no model, so there must be only one.
    /// </summary>
    public Task HandleOnlyAsync(HttpContext http)
    {
        string[] names = [.. host.Models.Registered.DistinctBy(static r => r.Model).Select(static r => r.Name)];
        return names.Length == 1
            ? HandleAsync(http, names[0], InferenceProtocol.V2, InferenceVerb.Explain)
            : JsonAnswer.WriteErrorAsync(http, new InferenceException(
                ErrorKind.ModelNotFound,
                names.Length == 0
                    ? "There is no model to explain."
                    : $"/explain needs a server of one model, this one has {names.Length}. Use "
                        + string.Join(" or ", names.Select(static n => $"/v1/models/{n}:explain")) + "."));
    }

    internal static string RequestId(HttpContext http) =>
        http.Request.Headers["x-request-id"] is [{ Length: > 0 } id, ..] ? id : Guid.NewGuid().ToString();

    private InferRequest Decode(HttpRequest http, InferenceProtocol protocol, byte[] array, int length, ref CloudEvent? ce)
    {
        ReadOnlyMemory<byte> body = array.AsMemory(0, length);
        InferRequest? request = null;
        try
        {
            int depth = host.Options.MaxJsonDepth;
            request = protocol == InferenceProtocol.V2 ? RequestDecoder.V2(http, body)
                : ce?.Decode(http, body, depth)
                ?? (RequestDecoder.IsV1Json(http) ? CloudEvent.Unwrap(body, depth, ref ce) : null)
                ?? RequestDecoder.V1(http, body);
            request.MaxDepth = depth;
            request.OwnRented(array);
            return request;
        }
        finally
        {
            if (request is null)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }

    /// <summary>Lets a caller who asks for events see how the explanation comes along.</summary>
    private ExplanationEvents? Watch(HttpContext http, InferenceContext context)
    {
        if (!ExplanationEvents.AreWanted(http.Request))
        {
            return null;
        }

        var events = new ExplanationEvents(http, host.Time);
        context.Watch(events);
        events.Start();
        return events;
    }

    /// <summary>The answer's type: the one a hook set, or the one the answer has.</summary>
    private static string? TypeOf(InferenceContext context, string? answers) =>
        context.ResponseHeaders.ContentType is [{ Length: > 0 } set, ..] ? set : answers;

    private static async Task WriteAsync(HttpContext http, WirePayload payload, InferenceProtocol protocol)
    {
        HttpResponse response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        RemoveOwnHeaders(response.Headers);
        if (protocol != InferenceProtocol.V1 || response.ContentType is null)
        {
            response.ContentType = payload.ContentType;
        }

        if (payload.JsonLength >= 0)
        {
            response.Headers[V2Json.LengthHeader] = payload.JsonLength.ToString(CultureInfo.InvariantCulture);
        }

        response.ContentLength = payload.Length;
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            await response.BodyWriter.WriteAsync(segment).ConfigureAwait(false);
        }
    }

    private static async Task WriteStreamAsync(
        HttpContext http, InferResponse response, IAsyncEnumerable<ReadOnlyMemory<byte>> stream, CancellationToken cancellation)
    {
        RemoveOwnHeaders(http.Response.Headers);
        http.Response.ContentType ??= response.ContentType;
        await foreach (ReadOnlyMemory<byte> chunk in stream.WithCancellation(cancellation).ConfigureAwait(false))
        {
            await http.Response.BodyWriter.WriteAsync(chunk, cancellation).ConfigureAwait(false);
            await http.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Headers of the connection are the server's: a hook that copies a predictor's headers means the others.</summary>
    internal static void RemoveOwnHeaders(IHeaderDictionary headers)
    {
        if (headers.Count == 0)
        {
            return;
        }

        headers.ContentLength = null;
        foreach (string name in s_own)
        {
            headers.Remove(name);
        }
    }

    private static readonly string[] s_own =
        ["Transfer-Encoding", "Connection", "Keep-Alive", "Content-Encoding", "Server", "Date", "Trailer", "Upgrade", V2Json.LengthHeader];
}
