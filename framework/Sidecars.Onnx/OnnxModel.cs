using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Sidecars.Onnx.Runtime;

namespace Sidecars.Onnx;

/// <summary>
/// An ONNX model, ready to run: tensors in, tensors out. Thread-safe: any number of runs go on at once.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OutputKind[] _outputKinds;
    private readonly OnnxOptions _options;

    // One use is the owner's, and one each run's: whoever is last releases the session. Releasing it under a run would
    // bring the process down.
    private int _uses = 1;
    private int _disposed;

    /// <summary>Reads a model and sets it up on its device.</summary>
    /// <param name="path">The <c>.onnx</c> file; files of external data beside it are found.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="log">Where device and warm-up are reported; null for nowhere.</param>
    /// <exception cref="SidecarConfigurationException">
    /// The file is missing or no model, its inputs or outputs have no tensor form, options are wrong, the device that was
    /// asked for is not there, or there is no native ONNX Runtime. The message says what to change.
    /// </exception>
    public OnnxModel(string path, OnnxOptions? options = null, ILogger? log = null)
        : this(path, graph: null, options ?? new OnnxOptions(), log ?? NullLogger.Instance)
    {
    }

    private OnnxModel(string path, byte[]? graph, OnnxOptions options, ILogger log)
    {
        Path = path;
        OnnxSettings.Validate(options);
        (_session, Device) = Sessions.Open(path, graph, options, log);
        _options = new OnnxOptions
        {
            Device = Device,
            DeviceId = options.DeviceId,
            IntraOpThreads = options.IntraOpThreads,
            InterOpThreads = options.InterOpThreads,
            WarmUp = false,
        };
        try
        {
            Inputs = Graph.ReadInputs(path, _session);
            (Outputs, _outputKinds) = Graph.ReadOutputs(path, _session);
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _inputNames = [.. Inputs.Select(static i => i.Name)];
        _outputNames = [.. Outputs.Select(static o => o.Name)];
    }

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>What runs it: the device that <see cref="OnnxDevice.Auto"/> came to, or the one asked for.</summary>
    public OnnxDevice Device { get; }

    /// <summary>
    /// The graph's inputs, in order; -1 for dimensions that may have any length. A graph that says nothing of an input's
    /// shape shows no dimensions.
    /// </summary>
    public IReadOnlyList<TensorMetadata> Inputs { get; }

    /// <summary>
    /// The graph's outputs, in order. A sequence of maps from class to score, as classifiers of scikit-learn give out, is
    /// one FP32 tensor [rows, classes], the classes in ascending order.
    /// </summary>
    public IReadOnlyList<TensorMetadata> Outputs { get; }

    /// <summary>Runs the model on the calling thread.</summary>
    /// <param name="inputs">One tensor for each of <see cref="Inputs"/>, in any order, with its name, datatype and shape; a
    /// single tensor for a single input may have any name. Their memory is used as it is, and must stay as it is until the
    /// run is over.</param>
    /// <param name="outputs">The outputs wanted, in this order; null for all.</param>
    /// <param name="cancellation">Ends the run after the operator it is at.</param>
    /// <returns>The outputs, in memory of their own.</returns>
    /// <exception cref="InferenceException">
    /// An input is missing, unknown, or of another datatype or shape than the graph's; an output is unknown; or the model
    /// failed on this input.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was given up.</exception>
    /// <exception cref="ObjectDisposedException">The model was released.</exception>
    public IReadOnlyList<Tensor> Run(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs = null, CancellationToken cancellation = default) =>
        Run(inputs, outputs, memory: null, cancellation);

    /// <summary>Runs the model on a thread of the pool; otherwise as <see cref="Run(IReadOnlyList{Tensor}, IReadOnlyList{string}?, CancellationToken)"/>.</summary>
    /// <param name="inputs">One tensor for each of <see cref="Inputs"/>.</param>
    /// <param name="outputs">The outputs wanted, in this order; null for all.</param>
    /// <param name="cancellation">Ends the run after the operator it is at.</param>
    public Task<IReadOnlyList<Tensor>> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(inputs, outputs, memory: null, cancellation), cancellation);

    /// <summary>Another graph, run as this model is: on its device, with its options. It is not warmed up, and is released on its own.</summary>
    /// <param name="graph">The bytes of a <c>.onnx</c> file; files of external data are looked for beside <see cref="Path"/>.</param>
    /// <exception cref="SidecarConfigurationException">The bytes are no model, or its inputs or outputs have no tensor form.</exception>
    public OnnxModel WithGraph(byte[] graph) => new(Path, graph, _options, NullLogger.Instance);

    /// <summary>Memory for runs one after the other, kept from run to run. It keeps the model alive until it is released.</summary>
    /// <exception cref="ObjectDisposedException">The model was released.</exception>
    public OnnxBinding CreateBinding()
    {
        Enter();
        try
        {
            return new OnnxBinding(this, _session, HostMemory.Pinned(_session, Device, _options.DeviceId));
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <summary>Releases the model. Runs in progress finish first.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    /// <param name="inputs">The tensors.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <param name="memory">Where outputs are put; null for arrays of their own.</param>
    /// <param name="cancellation">Gives up.</param>
    internal IReadOnlyList<Tensor> Run(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, PooledOutputs? memory, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (outputs is { Count: 0 })
        {
            return [];
        }

        int[]? selected = outputs is null ? null : Select(outputs);
        Enter();
        try
        {
            using BoundInputs bound = BoundInputs.Bind(inputs, Inputs);
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using CancellationTokenRegistration registration =
                cancellation.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, run);
            using IDisposableReadOnlyCollection<OrtValue> values =
                _session.Run(run, _inputNames, bound.Values, selected is null ? _outputNames : outputs);
            Tensor[] results = new Tensor[values.Count];
            for (int i = 0; i < results.Length; i++)
            {
                int at = selected is null ? i : selected[i];
                results[i] = OutputReader.Read(_outputNames[at], _outputKinds[at], values[i], memory);
            }

            return results;
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw RunErrors.Translate(e);
        }
        finally
        {
            Leave();
        }
    }

    private int[] Select(IReadOnlyList<string> outputs)
    {
        int[] selected = new int[outputs.Count];
        for (int i = 0; i < selected.Length; i++)
        {
            selected[i] = Array.IndexOf(_outputNames, outputs[i]);
            if (selected[i] < 0)
            {
                throw InferenceException.InvalidInput(
                    $"the model has no output '{outputs[i]}'; its outputs are: {string.Join(", ", _outputNames)}");
            }
        }

        return selected;
    }

    private void Enter()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            ObjectDisposedException.ThrowIf(uses == 0 || Volatile.Read(ref _disposed) == 1, this);
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);
    }

    /// <summary>Ends a use of the session.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _session.Dispose();
        }
    }
}
