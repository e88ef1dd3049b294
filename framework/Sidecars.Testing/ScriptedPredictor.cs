using Sidecars.Testing.Scripted;

namespace Sidecars.Testing;

/// <summary>
/// A predictor that does what a test tells it to, and remembers what it was asked. As it is, it answers within the
/// process; after <see cref="ServeAsync"/> it answers on real ports over V1, V2 and gRPC, so that a real
/// <see cref="InferenceClient"/> is between it and the model under test.
/// </summary>
/// <remarks>
/// Payloads pass through the codecs of a protocol in both forms, so that what a predictor could not be sent fails in
/// the test too. Thread-safe.
/// </remarks>
/// <example>
/// <code>
/// await using var predictor = new ScriptedPredictor().Always(Tensor.Create("p", [0.9f], 1));
/// await using var host = await SidecarTestHost.StartAsync&lt;Churn&gt;(predictor);
/// using InferResponse answer = await host.V1.InferAsync(request, new("model"));
/// </code>
/// </example>
public sealed class ScriptedPredictor : IPredictor, IAsyncDisposable
{
    private readonly Script _script = new();
    private readonly CallWaiters _waiters = new();
    private readonly TimeProvider _time;
    private ScriptedServer? _server;

    /// <summary>Makes a predictor without a script: it answers every call 500 until it is given one.</summary>
    /// <param name="protocol">What it speaks within the process, and what a host is told to speak to it. Served, it understands all three.</param>
    /// <param name="time">The clock of its delays; null for the system's.</param>
    public ScriptedPredictor(PredictorProtocol protocol = PredictorProtocol.V1, TimeProvider? time = null)
    {
        Protocol = protocol;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The protocol of calls within the process.</summary>
    public PredictorProtocol Protocol { get; }

    /// <summary>The calls so far, in the order they arrived.</summary>
    public IReadOnlyList<ReceivedCall> Calls => _waiters.Calls;

    /// <summary>The questions for readiness and metadata so far, such as <c>GET /v2/health/ready</c> or <c>ModelReady m</c>.</summary>
    public IReadOnlyList<string> Probes => _waiters.Probes;

    /// <summary>What it answers when asked whether the server is ready. Default: true.</summary>
    public bool ServerReady { get; set; } = true;

    /// <summary>What it answers when asked whether a model is ready. Default: true.</summary>
    public bool ModelReady { get; set; } = true;

    /// <summary>What it tells of its model, whatever name is asked for; null for 404. Default: null.</summary>
    public ModelMetadata? Metadata { get; set; }

    /// <summary>Where it speaks REST, once served.</summary>
    /// <exception cref="InvalidOperationException">It is not served.</exception>
    public Uri RestAddress => Server.RestAddress;

    /// <summary>Where it speaks gRPC, and REST over HTTP/2, once served; both without TLS.</summary>
    /// <exception cref="InvalidOperationException">It is not served.</exception>
    public Uri GrpcAddress => Server.GrpcAddress;

    internal bool IsServed => _server is not null;

    internal TimeProvider Time => _time;

    private ScriptedServer Server => _server ?? throw new InvalidOperationException("The predictor has no address before ServeAsync.");

    /// <summary>Does this with every call for which no step of <see cref="Next(PredictorStep)"/> is left.</summary>
    public ScriptedPredictor Always(PredictorStep step)
    {
        _script.Otherwise = step;
        return this;
    }

    /// <summary>Answers every call with what the function makes of it.</summary>
    public ScriptedPredictor Always(Func<ReceivedCall, InferResponse> respond) => Always(PredictorStep.Answer(respond));

    /// <summary>Answers every call with these tensors.</summary>
    public ScriptedPredictor Always(params IReadOnlyList<Tensor> outputs) => Always(PredictorStep.Answer(outputs));

    /// <summary>Does this with the next call that no earlier step takes.</summary>
    public ScriptedPredictor Next(PredictorStep step)
    {
        _script.Steps.Enqueue(step);
        return this;
    }

    /// <summary>Answers the next call with what the function makes of it.</summary>
    public ScriptedPredictor Next(Func<ReceivedCall, InferResponse> respond) => Next(PredictorStep.Answer(respond));

    /// <summary>Answers the next call with these tensors.</summary>
    public ScriptedPredictor Next(params IReadOnlyList<Tensor> outputs) => Next(PredictorStep.Answer(outputs));

    /// <summary>Opens two free ports of this machine, one for REST and one for gRPC.</summary>
    public async Task<ScriptedPredictor> ServeAsync()
    {
        _server ??= await ScriptedServer.StartAsync(this).ConfigureAwait(false);
        return this;
    }

    /// <summary>Waits until so many calls have arrived since the beginning.</summary>
    public Task WaitForCallsAsync(int count, CancellationToken cancellation = default) => _waiters.WaitAsync(count, cancellation);

    /// <summary>Throws unless every step of <see cref="Next(PredictorStep)"/> was taken and every call met what was expected of it.</summary>
    /// <exception cref="InvalidOperationException">Something is open or was not as expected; the message lists it.</exception>
    public void AssertFinished()
    {
        if (_script.Complaints() is { Count: > 0 } complaints)
        {
            throw new InvalidOperationException("The predictor's script was not followed: " + string.Join("; ", complaints) + ".");
        }
    }

    /// <inheritdoc/>
    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
        new InProcessCall(this).RunAsync(request, call, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default)
    {
        RecordProbe("ServerReady");
        return new(ServerReady);
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default)
    {
        RecordProbe("ModelReady " + modelName);
        return new(ModelReady);
    }

    /// <inheritdoc/>
    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default)
    {
        RecordProbe("ModelMetadata " + modelName);
        return new(Metadata);
    }

    /// <summary>Closes the ports, if any are open. What was recorded stays readable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void RecordProbe(string probe) => _waiters.Add(probe);

    /// <summary>Records a call and finds what to do with it, once it is time to do it.</summary>
    internal async ValueTask<PredictorStep> BeginAsync(ReceivedCall call, CancellationToken cancellation)
    {
        PredictorStep step = _script.Take(call);
        _waiters.Add(call);
        if (step.Delay > TimeSpan.Zero)
        {
            await Task.Delay(step.Delay, _time, cancellation).ConfigureAwait(false);
        }

        if (step.Release is { } release)
        {
            await release.WaitAsync(cancellation).ConfigureAwait(false);
        }

        return step;
    }
}
