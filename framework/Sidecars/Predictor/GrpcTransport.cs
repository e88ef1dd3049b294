using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecars.Protocol;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Predictor;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed class GrpcTransport : ITransport
{
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    private static readonly Method<WirePayload, InferResponse> s_infer = new(
        MethodType.Unary, GrpcMarshallers.Service, "ModelInfer", GrpcMarshallers.Payload, GrpcMarshallers.Answer);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;
    private readonly Uri _address;
    private readonly InferenceClientOptions _options;

    public GrpcTransport(Uri address, InferenceClientOptions options)
    {
        _address = address;
        _options = options;
        SocketsHttpHandler handler = Handlers.Create(options);

        // A silent peer behind a load balancer is noticed before the next request needs it.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        _channel = GrpcChannel.ForAddress(
            new UriBuilder(address) { Path = "" }.Uri,
            new GrpcChannelOptions
            {
                HttpHandler = handler,
                DisposeHttpClient = true,
                MaxReceiveMessageSize = (int)Math.Min(options.MaxAnswerSize, int.MaxValue),
                MaxSendMessageSize = null,
                MaxRetryAttempts = null,
            });
        _invoker = _channel.CreateCallInvoker();
    }

    public async ValueTask<InferResponse> SendAsync(WirePayload payload, PredictorCall call, InferenceVerb verb, CallLimit limit)
    {
        Metadata? metadata = null;
        if (call.Headers is { Count: > 0 } headers)
        {
            metadata = [];
            foreach ((string name, string value) in headers)
            {
                Add(metadata, name, value);
            }
        }

        // gRPC counts a deadline by the system's clock. A limit too far off for a date is no limit.
        DateTime now = DateTime.UtcNow;
        DateTime? deadline = limit.Timeout < DateTime.MaxValue - now ? now + limit.Timeout : null;
        try
        {
            using AsyncUnaryCall<InferResponse> running =
                _invoker.AsyncUnaryCall(s_infer, null, new CallOptions(metadata, deadline, limit.Token), payload);
            InferResponse response = await running.ResponseAsync.ConfigureAwait(false);
            response.Headers = new AnswerMetadata(running);
            return response;
        }
        catch (RpcException e) when (limit.Token.IsCancellationRequested || IsOurDeadline(e, deadline))
        {
            throw limit.Token.IsCancellationRequested && !limit.Expired
                ? new OperationCanceledException(limit.Token)
                : limit.TimeoutError(_address, e);
        }
        catch (RpcException e)
        {
            throw PredictorErrors.Of(e, _address);
        }
    }

    public async ValueTask<bool> IsServerLiveAsync(CancellationToken cancellation) =>
        (await AskAsync("ServerLive", new ServerLiveRequest(), ServerLiveResponse.Parser, cancellation).ConfigureAwait(false)).Live;

    public async ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation) =>
        (await AskAsync("ServerReady", new ServerReadyRequest(), ServerReadyResponse.Parser, cancellation).ConfigureAwait(false)).Ready;

    public async ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation) =>
        (await AskAsync("ModelReady", new ModelReadyRequest { Name = modelName }, ModelReadyResponse.Parser, cancellation)
            .ConfigureAwait(false)).Ready;

    public async ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation)
    {
        ModelMetadataResponse answer = await AskAsync(
            "ModelMetadata", new ModelMetadataRequest { Name = modelName }, ModelMetadataResponse.Parser, cancellation).ConfigureAwait(false);
        return new ModelMetadata(answer.Name, answer.Platform, Tensors(answer.Inputs), Tensors(answer.Outputs));
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Names that end in -bin carry bytes, as base64 in a header. What is not base64 was no metadata of gRPC, and stays here.</summary>
    private static void Add(Metadata metadata, string name, string value)
    {
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        // Senders may leave the padding out.
        byte[] bytes = new byte[value.Length];
        if (Convert.TryFromBase64String(value.TrimEnd('=').PadRight((value.TrimEnd('=').Length + 3) / 4 * 4, '='), bytes, out int length))
        {
            metadata.Add(name, bytes[..length]);
        }
    }

    private bool IsOurDeadline(RpcException e, DateTime? deadline) =>
        e.StatusCode == StatusCode.DeadlineExceeded && deadline <= DateTime.UtcNow;

    private async ValueTask<TAnswer> AskAsync<TAsk, TAnswer>(
        string name, TAsk ask, MessageParser<TAnswer> parser, CancellationToken cancellation)
        where TAsk : class, IMessage<TAsk> where TAnswer : class, IMessage<TAnswer>
    {
        var method = new Method<TAsk, TAnswer>(
            MethodType.Unary, GrpcMarshallers.Service, name, GrpcMarshallers.Write<TAsk>(), GrpcMarshallers.Read(parser));
        try
        {
            using AsyncUnaryCall<TAnswer> running = _invoker.AsyncUnaryCall(
                method, null, new CallOptions(deadline: DateTime.UtcNow + s_probeTimeout, cancellationToken: cancellation), ask);
            return await running.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            throw PredictorErrors.Of(e, _address);
        }
    }

    private static TensorMetadata[] Tensors(IEnumerable<ModelMetadataResponse.Types.TensorMetadata> tensors) =>
        [.. tensors
            .Select(t => DatatypeFacts.TryParse(t.Datatype, ignoreCase: true, out Datatype datatype)
                ? new TensorMetadata(t.Name, datatype, [.. t.Shape])
                : null)
            .OfType<TensorMetadata>()];
}
