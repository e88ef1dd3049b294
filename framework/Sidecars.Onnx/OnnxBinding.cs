using Microsoft.ML.OnnxRuntime;
using Sidecars.Onnx.Runtime;

namespace Sidecars.Onnx;

/// <summary>
/// Memory for runs of a model, one after the other, kept from run to run: for callers who run the same model very often.
/// On a GPU it is page-locked, inputs are copied to the device when the run begins and outputs back when it ends. Not
/// thread-safe; any number of bindings of one model run at once.
/// </summary>
/// <remarks>
/// An input in the binding's own memory stays as it is for later runs, on a GPU without being copied again; one that was
/// given is given again for every run. Outputs stay asked for. Whether shapes and datatypes are those of the graph the run will tell; see
/// <see cref="OnnxModel.Inputs"/>. Strings and sequences go through <see cref="OnnxModel.Run(IReadOnlyList{Tensor}, IReadOnlyList{string}?, CancellationToken)"/> alone.
/// </remarks>
public sealed class OnnxBinding : IDisposable
{
    private readonly OnnxModel _model;
    private readonly InferenceSession _session;
    private readonly OrtAllocator? _pinned;
    private readonly OrtIoBinding _binding;
    private readonly BoundTensor[] _inputs;
    private readonly BoundTensor[] _outputs;
    private bool _disposed;

    internal OnnxBinding(OnnxModel model, InferenceSession session, OrtAllocator? pinned)
    {
        _model = model;
        _session = session;
        _pinned = pinned;
        _binding = session.CreateIoBinding();
        _inputs = [.. model.Inputs.Select(_ => new BoundTensor(pinned))];
        _outputs = [.. model.Outputs.Select(_ => new BoundTensor(pinned))];
    }

    private bool OnDevice => _model.Device is OnnxDevice.Cuda or OnnxDevice.TensorRt;

    /// <summary>The binding's own memory for an input, to be filled before the next run, and not later without asking again.</summary>
    /// <param name="index">Which of the model's inputs.</param>
    /// <param name="shape">Its dimensions from the next run on.</param>
    public Span<T> Input<T>(int index, params ReadOnlySpan<long> shape) where T : unmanaged => _inputs[index].Reserve<T>(shape);

    /// <summary>Gives an input: on the CPU the memory is used where it is and must stay as it is until the run is over; for
    /// a GPU it is copied.</summary>
    /// <param name="index">Which of the model's inputs.</param>
    /// <param name="values">The elements, as many as the shape says.</param>
    /// <param name="shape">Its dimensions in the next run.</param>
    public void SetInput<T>(int index, ReadOnlyMemory<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        if (OnDevice)
        {
            values.Span.CopyTo(_inputs[index].Reserve<T>(shape));
        }
        else
        {
            _inputs[index].Use(values, shape);
        }
    }

    /// <summary>Asks for an output whose shape is known: it is put into the binding's own memory.</summary>
    /// <param name="index">Which of the model's outputs.</param>
    /// <param name="shape">Its dimensions in the next run.</param>
    public void SetOutput<T>(int index, params ReadOnlySpan<long> shape) where T : unmanaged => _outputs[index].Reserve<T>(shape);

    /// <summary>Asks for an output of whatever shape the run gives it.</summary>
    /// <param name="index">Which of the model's outputs.</param>
    public void SetOutput(int index) => _outputs[index].LeaveToRun();

    /// <summary>Runs the model on the calling thread. Outputs not asked for are not computed where the graph allows that.</summary>
    /// <param name="cancellation">Ends the run after the operator it is at.</param>
    /// <exception cref="InferenceException">The inputs are not what the graph takes, or the model failed on them.</exception>
    /// <exception cref="OperationCanceledException">The run was given up.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using CancellationTokenRegistration registration =
                cancellation.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, run);
            Bind();
            _session.RunWithBinding(run, _binding);
            _binding.SynchronizeBoundOutputs();
            TakeGiven();
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw RunErrors.Translate(e);
        }
        finally
        {
            _binding.ClearBoundOutputs();
            foreach (BoundTensor input in _inputs)
            {
                input.EndRun();
            }
        }
    }

    /// <summary>An output of the last run; valid until the next one, or until outputs are asked for again.</summary>
    /// <param name="index">Which of the model's outputs.</param>
    /// <exception cref="InvalidOperationException">It was not asked for, or holds another type.</exception>
    public ReadOnlySpan<T> Output<T>(int index) where T : unmanaged => _outputs[index].Read<T>();

    /// <summary>The dimensions of an output of the last run.</summary>
    /// <param name="index">Which of the model's outputs.</param>
    public IReadOnlyList<long> OutputShape(int index) => _outputs[index].Shape;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (BoundTensor tensor in _inputs.Concat(_outputs))
        {
            tensor.Dispose();
        }

        _binding.Dispose();
        _pinned?.Dispose();
        _model.Leave();
    }

    private void Bind()
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!_inputs[i].IsSet)
            {
                throw InferenceException.InvalidInput($"input '{_model.Inputs[i].Name}' is missing");
            }

            // Binding an input is what copies it to the device: once for what stays as it is.
            if (_inputs[i].IsNew)
            {
                using OrtValue value = _inputs[i].ToValue();
                _binding.BindInput(_model.Inputs[i].Name, value);
            }
        }

        _binding.SynchronizeBoundInputs();
        for (int i = 0; i < _outputs.Length; i++)
        {
            if (_outputs[i].HasMemory)
            {
                using OrtValue value = _outputs[i].ToValue();
                _binding.BindOutput(_model.Outputs[i].Name, value);
            }
            else if (_outputs[i].IsSet)
            {
                _binding.BindOutputToDevice(_model.Outputs[i].Name, OrtMemoryInfo.DefaultInstance);
            }
        }
    }

    /// <summary>Keeps the values the run made room for. They come in the order in which they were bound.</summary>
    private void TakeGiven()
    {
        if (!_outputs.Any(static o => o.IsSet && !o.HasMemory))
        {
            return;
        }

        IDisposableReadOnlyCollection<OrtValue> values = _binding.GetOutputValues();
        int next = 0;
        foreach (BoundTensor output in _outputs)
        {
            if (!output.IsSet)
            {
                continue;
            }

            OrtValue value = values[next++];
            if (output.HasMemory)
            {
                value.Dispose();
            }
            else
            {
                output.Given = value;
            }
        }
    }
}
