using Polly;
using Sidecars.Predictor;

namespace Sidecars;

/// <summary>
/// Calls any KServe service over V1, V2 or gRPC. Connections are pooled and given up after two minutes, so that a
/// changed address is noticed. One instance serves a whole process; it is thread-safe.
/// </summary>
public sealed class InferenceClient : IPredictor, IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly ResiliencePipeline? _retries;
    private readonly MetadataCache _metadata;
    private readonly InferenceClientOptions _options;

    /// <summary>Makes a client; it connects when it is first used.</summary>
    /// <exception cref="ArgumentException">The host is no address, or the CA file cannot be read.</exception>
    public InferenceClient(InferenceClientOptions options)
    {
        _options = options;
        var address = PredictorAddress.Parse(options.Host, options.UseSsl);
        Address = address;
        _transport = options.Protocol == PredictorProtocol.GrpcV2
            ? new GrpcTransport(address, options)
            : new RestTransport(address, options);
        _retries = Retry.Create(options.Retries, options.TimeProvider);
        _metadata = new MetadataCache(options.TimeProvider);
    }

    /// <summary>The address that is called, as read from <see cref="InferenceClientOptions.Host"/>.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
        CallAsync(request, call, InferenceVerb.Predict, cancellation);

    /// <summary>Asks for an explanation: <c>POST /v1/models/{name}:explain</c>.</summary>
    /// <exception cref="InferenceException">The service does not speak V1, or as for <see cref="InferAsync"/>.</exception>
    public ValueTask<InferResponse> ExplainAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
        _options.Protocol == PredictorProtocol.V1
            ? CallAsync(request, call, InferenceVerb.Explain, cancellation)
            : throw InferenceException.UnsupportedProtocol(_options.Protocol == PredictorProtocol.V2 ? "v2" : "grpc-v2");

    /// <inheritdoc/>
    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => _transport.IsServerReadyAsync(cancellation);

    /// <summary>Whether the server's process answers at all.</summary>
    /// <exception cref="InferenceException">It cannot be reached.</exception>
    public ValueTask<bool> IsServerLiveAsync(CancellationToken cancellation = default) => _transport.IsServerLiveAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) =>
        _transport.IsModelReadyAsync(modelName, cancellation);

    /// <inheritdoc/>
    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        _transport.GetModelMetadataAsync(modelName, cancellation);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private async ValueTask<InferResponse> CallAsync(
        InferRequest request, PredictorCall call, InferenceVerb verb, CancellationToken cancellation)
    {
        using var limit = CallLimit.Start(call.Timeout, _options, cancellation);
        try
        {
            IReadOnlyList<TensorMetadata>? inputs = null, outputs = null;
            if (Protocol.RequestEncoder.WantsMetadata(request, _options.Protocol))
            {
                ModelMetadata? metadata = await _metadata.GetAsync(call.ModelName, _transport, limit.Token).ConfigureAwait(false);
                inputs = metadata?.Inputs;
                outputs = metadata?.Outputs;
            }

            using Protocol.WirePayload payload = Protocol.RequestEncoder.Encode(request, _options.Protocol, call.ModelName, inputs);
            InferResponse response = _retries is null
                ? await _transport.SendAsync(payload, call, verb, limit).ConfigureAwait(false)
                : await _retries.ExecuteAsync(
                    static (s, _) => s.Item1._transport.SendAsync(s.payload, s.call, s.verb, s.limit),
                    (this, payload, call, verb, limit),
                    limit.Token).ConfigureAwait(false);
            response.Declared = outputs;
            response.MaxDepth = _options.MaxJsonDepth;
            return response;
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            throw limit.TimeoutError(Address, e);
        }
    }
}
