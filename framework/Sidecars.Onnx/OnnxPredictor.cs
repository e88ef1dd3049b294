using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sidecars.Onnx.Runtime;

namespace Sidecars.Onnx;

/// <summary>
/// A predictor in this process: ONNX models of a folder. <c>model.onnx</c> answers for every model name;
/// <c>NAME/model.onnx</c> answers for NAME and goes before it. It takes requests of every protocol as a remote predictor
/// does, and refuses what a remote one would: wrong names, datatypes and shapes are errors of the request.
/// </summary>
/// <remarks>
/// V1 rows get the names and datatypes of the graph. A request of one tensor goes to a graph of one input whatever the
/// tensor is called.
/// </remarks>
public sealed class OnnxPredictor : IEmbeddedPredictor, IDisposable
{
    private const string FileName = "model.onnx";

    // More than a timer can be set to is as good as no limit.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    private readonly string _folder;
    private readonly Func<OnnxOptions> _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, OnnxModel> _named = new(StringComparer.Ordinal);
    private OnnxModel? _default;

    /// <summary>Makes a predictor; <see cref="LoadAsync"/> reads the files.</summary>
    /// <param name="folder">The model directory.</param>
    /// <param name="options">How the models are run; null for the defaults.</param>
    /// <param name="log">Where devices and warm-ups are reported; null for nowhere.</param>
    public OnnxPredictor(string folder, OnnxOptions? options = null, ILogger? log = null)
        : this(folder, () => options ?? new OnnxOptions(), log ?? NullLogger.Instance, TimeProvider.System)
    {
    }

    internal OnnxPredictor(string folder, Func<OnnxOptions> options, ILogger log, TimeProvider time)
    {
        _folder = folder;
        _options = options;
        _log = log;
        _time = time;
    }

    /// <inheritdoc/>
    /// <exception cref="SidecarConfigurationException">
    /// There is no model, a file is none, options are wrong, or the device that was asked for is not there.
    /// </exception>
    public ValueTask LoadAsync(CancellationToken cancellation)
    {
        OnnxOptions options = _options();
        string folder = Path.GetFullPath(_folder);
        string file = Path.Combine(folder, FileName);
        if (File.Exists(file))
        {
            _default = new OnnxModel(file, options, _log);
        }

        foreach (string each in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            cancellation.ThrowIfCancellationRequested();
            file = Path.Combine(each, FileName);
            if (File.Exists(file))
            {
                _named.Add(Path.GetFileName(each), new OnnxModel(file, options, _log));
            }
        }

        return _default is not null || _named.Count > 0
            ? ValueTask.CompletedTask
            : throw new SidecarConfigurationException(
                $"There is no {FileName} in the model directory {folder}, nor in a folder of it. "
                + "Put one there, give another folder with --model_dir, or a predictor with --predictor_host.");
    }

    /// <inheritdoc/>
    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        OnnxModel model = Find(call.ModelName) ?? throw InferenceException.ModelNotFound(call.ModelName);
        return new(call.Timeout is { } timeout && timeout < s_longest
            ? RunWithin(timeout, model, request, cancellation)
            : Run(model, request, cancellation));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) =>
        new(_default is not null || _named.Count > 0);

    /// <inheritdoc/>
    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) =>
        new(Find(modelName) is not null);

    /// <inheritdoc/>
    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(Find(modelName) is { } model ? new ModelMetadata(modelName, "onnxruntime", model.Inputs, model.Outputs) : null);

    /// <summary>Releases the models. Runs in progress finish first.</summary>
    public void Dispose()
    {
        _default?.Dispose();
        foreach (OnnxModel model in _named.Values)
        {
            model.Dispose();
        }
    }

    private OnnxModel? Find(string name) => _named.TryGetValue(name, out OnnxModel? model) ? model : _default;

    private static InferResponse Run(OnnxModel model, InferRequest request, CancellationToken cancellation)
    {
        IReadOnlyList<Tensor> inputs = request.InputsFor(model.Inputs);
        IReadOnlyList<string>? outputs = request.RequestedOutputs is { } wishes ? [.. wishes.Select(static w => w.Name)] : null;
        var memory = new PooledOutputs();
        try
        {
            InferResponse response = InferResponse.FromTensors(model.Run(inputs, outputs, memory, cancellation));
            response.Own(memory);
            return response;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private InferResponse RunWithin(TimeSpan timeout, OnnxModel model, InferRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return Run(model, request, either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            string span = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            throw new InferenceException(ErrorKind.PredictorTimeout, $"The model did not answer within {span} s.", e);
        }
    }
}
