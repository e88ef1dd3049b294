using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// One gRPC inference: (1) find the model, (2) wait for a turn, (3) run the hooks, (4) encode the answer. gRPC itself
/// has read the message and will write the answer.
/// </summary>
internal sealed class GrpcCalls(CallHost host)
{
    public async Task<WirePayload> InferAsync(InferRequest request, ServerCallContext call)
    {
        HttpContext http = call.GetHttpContext();
        InferenceContext? context = null;
        RegisteredModel? registered = null;
        InferenceException? error = null;
        WirePayload? payload = null;
        using CallDeadline deadline = Deadline(call);
        try
        {
            // (1)
            request.MaxDepth = host.Options.MaxJsonDepth;
            string model = GrpcCodec.ReadModelName(request.Body.Span);
            registered = host.Models.Require(model);
            context = host.NewContext(http, registered, InferenceVerb.Predict, InferenceProtocol.Grpc, deadline);

            // (2)
            using ConcurrencyGate.Pass pass = await host.Gate.EnterAsync(context.Cancellation).ConfigureAwait(false);

            // (3)
            InferResponse response = await InferencePipeline.RunAsync(registered, request, context).ConfigureAwait(false);

            // (4)
            if (response.Stream is not null)
            {
                throw InferenceException.NotImplemented("This model answers in a stream: call ModelStreamInfer.");
            }

            payload = ResponseEncoder.Encode(response, InferenceProtocol.Grpc, request, model);
            CheckSize(payload);
            payload.Also = context.Payloads;
            return payload;
        }
        catch (Exception e)
        {
            error = Read(e, registered, context, call);
            payload?.Dispose();
            context?.Payloads.Dispose();
            request.Dispose();
            throw ToRpc(error);
        }
        finally
        {
            if (context is not null)
            {
                host.Record(context, error);
            }
        }
    }

    /// <summary>
    /// Triton's stream: an answer for every request, in their order; what fails answers in <c>error_message</c>, and
    /// the stream goes on. A model that answers in parts sends a message for each.
    /// </summary>
    public async Task StreamAsync(
        IAsyncStreamReader<InferRequest> requests, IServerStreamWriter<WirePayload> responses, ServerCallContext call)
    {
        while (await requests.MoveNext(call.CancellationToken).ConfigureAwait(false))
        {
            await StreamOneAsync(requests.Current, responses, call).ConfigureAwait(false);
        }
    }

    private async Task StreamOneAsync(InferRequest request, IServerStreamWriter<WirePayload> responses, ServerCallContext call)
    {
        InferenceContext? context = null;
        RegisteredModel? registered = null;
        InferenceException? error = null;
        using CallDeadline deadline = Deadline(call);
        try
        {
            request.MaxDepth = host.Options.MaxJsonDepth;
            string model = GrpcCodec.ReadModelName(request.Body.Span);
            registered = host.Models.Require(model);
            context = host.NewContext(call.GetHttpContext(), registered, InferenceVerb.Predict, InferenceProtocol.Grpc, deadline);
            using ConcurrencyGate.Pass pass = await host.Gate.EnterAsync(context.Cancellation).ConfigureAwait(false);
            InferResponse response = await InferencePipeline.RunAsync(registered, request, context).ConfigureAwait(false);
            if (response.Stream is { } parts)
            {
                await foreach (ReadOnlyMemory<byte> part in parts.WithCancellation(context.Cancellation).ConfigureAwait(false))
                {
                    await WriteAsync(responses, ResponseEncoder.EncodeGrpcChunk(part, request, model)).ConfigureAwait(false);
                }
            }
            else
            {
                await WriteAsync(responses, ResponseEncoder.Encode(response, InferenceProtocol.Grpc, request, model)).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            error = Read(e, registered, context, call);
            if (call.CancellationToken.IsCancellationRequested)
            {
                throw ToRpc(error);
            }

            await responses.WriteAsync(GrpcCodec.StreamError(error.Message, IdOf(request))).ConfigureAwait(false);
        }
        finally
        {
            if (context is not null)
            {
                host.Record(context, error);
                context.Payloads.Dispose();
            }
            else
            {
                request.Dispose();
            }
        }
    }

    public static RpcException ToRpc(InferenceException e) => new(new Status(ErrorStatus.Grpc(e), e.Message));

    private Task WriteAsync(IServerStreamWriter<WirePayload> responses, WirePayload answer)
    {
        WirePayload message = GrpcCodec.WrapForStream(answer);
        try
        {
            CheckSize(message);
        }
        catch
        {
            message.Dispose();
            throw;
        }

        return responses.WriteAsync(message);
    }

    private void CheckSize(WirePayload message)
    {
        if (host.Options.GrpcMaxSendMessageLength is >= 0 and var limit && message.Length > limit)
        {
            throw new InferenceException(
                ErrorKind.PayloadTooLarge, $"The answer has {message.Length} bytes, the limit is {limit} (--grpc_max_send_message_length).");
        }
    }

    private static string? IdOf(InferRequest request)
    {
        try
        {
            return request.Id;
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    private CallDeadline Deadline(ServerCallContext call) => CallDeadline.Start(
        host,
        call.Deadline < DateTime.MaxValue ? new DateTimeOffset(call.Deadline, TimeSpan.Zero) : null,
        call.CancellationToken);

    private InferenceException Read(Exception e, RegisteredModel? registered, InferenceContext? context, ServerCallContext call)
    {
        string requestId = context?.RequestId ?? call.RequestHeaders.GetValue("x-request-id") ?? Guid.NewGuid().ToString();
        bool expired = call.Deadline < host.Time.GetUtcNow().UtcDateTime;
        Exception read = e is RpcException own
            ? new InferenceException(ErrorKind.PredictorStatus, own.Status.Detail, own) { GrpcStatus = (int)own.StatusCode }
            : e;
        return host.Failure.Read(read, registered?.Name, context, call.CancellationToken.IsCancellationRequested && !expired, requestId);
    }
}
