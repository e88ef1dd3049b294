using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sidecars.Pipeline;

namespace Sidecars;

/// <summary>What a hook may need to know about the call it works for. One object for all hooks of a call.</summary>
public sealed class InferenceContext
{
    private Dictionary<object, object?>? _items;
    private Dictionary<string, string>? _upstreamHeaders;
    private string? _requestId;
    private IProgress<ExplainProgress>? _progress;
    private bool _headersApart;

    /// <summary>Makes the context of a call; applications need this only to test their hooks.</summary>
    /// <param name="modelName">The model's name.</param>
    /// <param name="predictor">What <see cref="PredictAsync"/> asks; null answers as a sidecar without predictor does.</param>
    public InferenceContext(string modelName, IPredictor? predictor = null)
    {
        ModelName = modelName;
        Predictor = predictor ?? MissingPredictor.Instance;
        PredictorModelName = modelName;
    }

    /// <summary>The model's name as the caller gave it.</summary>
    public string ModelName { get; }

    /// <summary>The model's name on the predictor.</summary>
    public string PredictorModelName { get; init; }

    /// <summary>What the caller wants.</summary>
    public InferenceVerb Verb { get; init; }

    /// <summary>The protocol the caller speaks.</summary>
    public InferenceProtocol Protocol { get; init; }

    /// <summary>The caller's headers or gRPC metadata. Names are found in any case.</summary>
    public IHeaderDictionary Headers { get; init; } = new HeaderDictionary();

    /// <summary>
    /// Headers for the answer, or response metadata for gRPC callers. Names that the server sets itself are ignored, and so
    /// is all of it for a caller who watches an explanation's progress: there the headers go before the hooks are done.
    /// </summary>
    public IHeaderDictionary ResponseHeaders =>
        HttpContext is { } http && !_headersApart ? http.Response.Headers : field ??= new HeaderDictionary();

    /// <summary>The caller's <c>x-request-id</c>, or a new id: the one the log lines of this call carry.</summary>
    public string RequestId => _requestId ??= Headers.TryGetValue("x-request-id", out var given) && given.Count > 0 && given[0] is { Length: > 0 } id
        ? id
        : Guid.NewGuid().ToString();

    /// <summary>When the call has to be done, by the caller's <c>grpc-timeout</c> or <c>--request_timeout_seconds</c>; null for no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Fires when the caller went away or the deadline passed.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Where an explanation tells how far it has come: <c>context.Progress?.Report(new("rules of 2 conditions", 0.4))</c>.
    /// Null when nobody listens. Any thread may report, at any rate: a report never waits for the caller, and one that comes
    /// before the last was sent takes its place.
    /// </summary>
    public IProgress<ExplainProgress>? Progress
    {
        get => _progress;
        init => _progress = value;
    }

    /// <summary>The predictor behind this sidecar. <see cref="PredictAsync"/> asks it with this call's headers and deadline.</summary>
    public IPredictor Predictor { get; }

    /// <summary>The application's services, in this request's scope.</summary>
    public IServiceProvider Services => HttpContext?.RequestServices ?? EmptyServices.Instance;

    /// <summary>The model's log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Data for later hooks of the same call.</summary>
    public IDictionary<object, object?> Items => _items ??= [];

    /// <summary>
    /// Headers or gRPC metadata that go to the predictor besides the caller's forwarded ones, and instead of those with
    /// the same name. Names are found in any case.
    /// </summary>
    public IDictionary<string, string> UpstreamHeaders => _upstreamHeaders ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The HTTP request behind the call; null outside a server.</summary>
    public HttpContext? HttpContext { get; init; }

    internal ForwardedHeaders? Forwarded { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The request as it arrived, whatever Preprocess made of it: a built request takes its id from it. Null outside a
    /// server.
    /// </summary>
    public InferRequest? Arrived { get; internal set; }

    /// <summary>Every payload of the call, to be given back when it ends.</summary>
    internal CallPayloads Payloads { get; } = new();

    internal StageTimes Times { get; } = new();

    /// <summary>Where the call is.</summary>
    internal Stage Stage { get; set; }

    /// <summary>
    /// Asks the predictor, with the headers of this call that are to be forwarded, and with the time that is left of
    /// its deadline.
    /// </summary>
    /// <exception cref="InferenceException">The predictor is unreachable, out of time, refused, or cannot be understood.</exception>
    public ValueTask<InferResponse> PredictAsync(InferRequest request)
    {
        request.IdFrom = Arrived;
        return Predictor.InferAsync(request, CreateCall(), Cancellation);
    }

    /// <summary>
    /// What <see cref="PredictAsync"/> sends along: the model's name, the headers of this call that are to be forwarded, and
    /// the time that is left of its deadline. For who asks <see cref="Predictor"/> itself.
    /// </summary>
    public PredictorCall CreateCall() => new(PredictorModelName)
    {
        Headers = OutgoingHeaders(),
        Timeout = Deadline is { } deadline ? deadline - Time.GetUtcNow() : null,
    };

    /// <summary>
    /// Lets somebody watch. The answer's headers may be under way from now on, so that hooks get a collection of their own.
    /// </summary>
    internal void Watch(IProgress<ExplainProgress> progress)
    {
        _progress = progress;
        _headersApart = true;
    }

    /// <summary>The same call, for an explainer that sees another predictor behind it.</summary>
    internal InferenceContext WithPredictor(IPredictor predictor) => Copy(predictor, Verb, Progress, Cancellation);

    /// <summary>A call within this one, that asks the same predictor. Its progress is nobody's.</summary>
    internal InferenceContext ForInnerCall(CancellationToken cancellation) => Copy(Predictor, InferenceVerb.Predict, null, cancellation);

    private InferenceContext Copy(
        IPredictor predictor, InferenceVerb verb, IProgress<ExplainProgress>? progress, CancellationToken cancellation)
    {
        var copy = new InferenceContext(ModelName, predictor)
        {
            PredictorModelName = PredictorModelName,
            Verb = verb,
            Protocol = Protocol,
            Headers = Headers,
            HttpContext = HttpContext,
            Logger = Logger,
            Forwarded = Forwarded,
            Time = Time,
            Deadline = Deadline,
            Cancellation = cancellation,
            Progress = progress,
            Arrived = Arrived,
            _requestId = RequestId,
            _headersApart = _headersApart,
            Stage = Stage.Explain,
        };
        copy._upstreamHeaders = _upstreamHeaders is { } set ? new(set, StringComparer.OrdinalIgnoreCase) : null;
        return copy;
    }

    /// <summary>What goes to the predictor: the caller's headers that are forwarded, and what hooks set.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>>? OutgoingHeaders()
    {
        IReadOnlyList<KeyValuePair<string, string>>? forwarded = Forwarded?.Of(Headers);
        return _upstreamHeaders is { Count: > 0 } set
            ? [.. (forwarded ?? []).Where(header => !set.ContainsKey(header.Key)), .. set]
            : forwarded;
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
