using System.Buffers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Predictor;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// One call in OpenAI's API from its first byte to its last: (1) wait for a turn, (2) read and decode the body, (3) find
/// the model that it names, (4) run the hooks, which send a stream on their way, (5) write the answer.
/// </summary>
internal sealed class OpenAiEndpoint(CallHost host, OpenAiClient client)
{
    public async Task HandleAsync(HttpContext http, OpenAiOperation operation)
    {
        InferenceContext? context = null;
        RegisteredModel? registered = null;
        InferenceException? error = null;
        var events = new OpenAiEvents(http);
        using CallDeadline deadline = CallDeadline.Start(host, null, http.RequestAborted);
        CancellationToken cancellation = deadline.Token;
        try
        {
            // (1)
            using ConcurrencyGate.Pass pass = await host.Gate.EnterAsync(cancellation).ConfigureAwait(false);

            // (2)
            JsonObject request = await ReadAsync(http, cancellation).ConfigureAwait(false);

            // (3)
            string model = OpenAiRequests.ModelOf(request);
            registered = host.Models.Find(model) is { Model: OpenAIProxyModel }
                ? host.Models.Require(model)
                : throw InferenceException.ModelNotFound(model);
            context = host.NewContext(http, registered, InferenceVerb.Predict, InferenceProtocol.OpenAI, deadline);
            OpenAiRequests.Check(request, operation);

            // (4)
            JsonObject? answer = await OpenAiPipeline.RunAsync(
                registered, operation, request, context, client, chunk => events.SendAsync(chunk, cancellation)).ConfigureAwait(false);

            // (5)
            await (answer is null ? events.EndAsync(cancellation) : WriteAsync(http, answer, cancellation)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            bool late = deadline.At is not null && cancellation.IsCancellationRequested;
            error = host.Failure.Read(
                e,
                registered?.Name,
                context,
                http.RequestAborted.IsCancellationRequested,
                context?.RequestId ?? InferenceEndpoint.RequestId(http),
                late);
            await FailAsync(http, events, error).ConfigureAwait(false);
        }
        finally
        {
            if (context is not null)
            {
                host.Record(context, error);
            }
        }
    }

    private async ValueTask<JsonObject> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        (byte[] array, int length) = await RequestBody.ReadAsync(http, host.Options.MaxRequestBodySize, cancellation).ConfigureAwait(false);
        try
        {
            return length > 0
                ? JsonObjects.Parse(array.AsMemory(0, length), host.Options.MaxJsonDepth)
                : throw JsonParsing.Unrecognized("the body is empty");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private static async ValueTask WriteAsync(HttpContext http, JsonObject answer, CancellationToken cancellation)
    {
        using PooledBuffer json = JsonObjects.Write(answer);
        InferenceEndpoint.RemoveOwnHeaders(http.Response.Headers);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = MediaTypes.Json;
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask FailAsync(HttpContext http, OpenAiEvents events, InferenceException error)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await OpenAiError.WriteAsync(http, error).ConfigureAwait(false);
        }
        else if (events.Begun && error.Kind != ErrorKind.Canceled)
        {
            await events.BreakAsync(error).ConfigureAwait(false);
        }
        else
        {
            // Too late to say anything: the caller must not take what came so far for the whole.
            http.Abort();
        }
    }
}
