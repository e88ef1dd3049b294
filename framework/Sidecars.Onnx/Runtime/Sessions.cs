using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>Opens a model on the device that was asked for, or on the first that works.</summary>
internal static partial class Sessions
{
    private const string CudaProvider = "CUDAExecutionProvider";
    private const string TensorRtProvider = "TensorrtExecutionProvider";

    // ONNX Runtime's own name for where files of external data lie, when the graph itself comes as bytes.
    private const string ExternalDataFolder = "session.model_external_initializers_file_folder_path";

    /// <param name="path">The file.</param>
    /// <param name="graph">The bytes to read instead of the file; null for the file.</param>
    /// <param name="options">Device, threads and warm-up.</param>
    /// <param name="log">Where it is reported.</param>
    public static (InferenceSession Session, OnnxDevice Device) Open(string path, byte[]? graph, OnnxOptions options, ILogger log)
    {
        if (graph is null && !File.Exists(path))
        {
            throw new SidecarConfigurationException($"There is no ONNX model at {Path.GetFullPath(path)}.");
        }

        string[] providers = Providers();
        if (options.Device != OnnxDevice.Auto)
        {
            Require(options.Device, providers);
            return (OpenOn(options.Device, path, graph, options, log, isLast: true, because: null), options.Device);
        }

        string because = $"this build of ONNX Runtime has no {CudaProvider}";
        if (providers.Contains(CudaProvider))
        {
            try
            {
                return (OpenOn(OnnxDevice.Cuda, path, graph, options, log, isLast: false, because: null), OnnxDevice.Cuda);
            }
            catch (OnnxRuntimeException e)
            {
                because = "CUDA does not work here";
                Log.CudaFailed(log, path, e.Message);
            }
        }

        return (OpenOn(OnnxDevice.Cpu, path, graph, options, log, isLast: true, because), OnnxDevice.Cpu);
    }

    /// <summary>Opens and warms up.</summary>
    /// <param name="device">On what.</param>
    /// <param name="path">The file.</param>
    /// <param name="graph">The bytes to read instead of the file.</param>
    /// <param name="options">Threads and warm-up.</param>
    /// <param name="log">Where it is reported.</param>
    /// <param name="isLast">Whether there is no other device to try: whatever fails is then explained, and a failed
    /// warm-up is the model's own affair, which may not like zeros.</param>
    /// <param name="because">Why it is this device and no better one.</param>
    private static InferenceSession OpenOn(
        OnnxDevice device, string path, byte[]? graph, OnnxOptions options, ILogger log, bool isLast, string? because)
    {
        InferenceSession session = Create(device, path, graph, options, isLast);
        try
        {
            if (options.WarmUp)
            {
                try
                {
                    TimeSpan took = WarmUp.Run(path, session);
                    Log.WarmedUp(log, path, (long)took.TotalMilliseconds);
                }
                catch (Exception e) when (isLast && e is OnnxRuntimeException)
                {
                    Log.WarmUpFailed(log, path, e.Message);
                }
            }

            if (because is null)
            {
                Log.Device(log, path, device.Name());
            }
            else
            {
                Log.DeviceBecause(log, path, device.Name(), because);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static InferenceSession Create(OnnxDevice device, string path, byte[]? graph, OnnxOptions options, bool isLast)
    {
        using var session = new SessionOptions();
        session.IntraOpNumThreads = options.IntraOpThreads ?? Environment.ProcessorCount;
        if (options.InterOpThreads is > 1)
        {
            session.ExecutionMode = ExecutionMode.ORT_PARALLEL;
            session.InterOpNumThreads = options.InterOpThreads.Value;
        }

        try
        {
            if (device == OnnxDevice.TensorRt)
            {
                session.AppendExecutionProvider_Tensorrt(options.DeviceId);
            }

            if (device is OnnxDevice.TensorRt or OnnxDevice.Cuda)
            {
                session.AppendExecutionProvider_CUDA(options.DeviceId);
            }
        }
        catch (OnnxRuntimeException e) when (isLast)
        {
            throw new SidecarConfigurationException(
                $"--onnx_device {device.Name()}: device {options.DeviceId} cannot be used. It takes an NVIDIA driver, and the CUDA and cuDNN"
                + (device == OnnxDevice.TensorRt ? " and TensorRT" : "") + $" libraries on the library path. ONNX Runtime says: {e.Message}", e);
        }

        try
        {
            if (graph is null)
            {
                return new InferenceSession(path, session);
            }

            session.AddSessionConfigEntry(ExternalDataFolder, Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new InferenceSession(graph, session);
        }
        catch (OnnxRuntimeException e) when (isLast)
        {
            throw new SidecarConfigurationException($"{path} cannot be loaded on {device.Name()}. ONNX Runtime says: {e.Message}", e);
        }
    }

    private static void Require(OnnxDevice device, string[] providers)
    {
        string? missing = device switch
        {
            OnnxDevice.Cuda when !providers.Contains(CudaProvider) => CudaProvider,
            OnnxDevice.TensorRt when !providers.Contains(TensorRtProvider) => TensorRtProvider,
            _ => null,
        };
        if (missing is not null)
        {
            throw new SidecarConfigurationException(
                $"--onnx_device {device.Name()}: this build of ONNX Runtime has no {missing}; it has {string.Join(", ", providers)}. "
                + "Reference Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime, or take --onnx_device cpu.");
        }
    }

    private static string[] Providers()
    {
        try
        {
            OrtEnv environment = OrtEnv.Instance();

            // On Linux too, ONNX Runtime would tell Microsoft of models and machines. Only ORT_DISABLE_TELEMETRY=1 keeps it from
            // starting that at all; a process cannot set it for itself, so the images do.
            environment.DisableTelemetryEvents();
            return environment.GetAvailableProviders();
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw new SidecarConfigurationException(
                "The native library of ONNX Runtime is missing, or of another version than its managed one. Reference the package "
                + "Microsoft.ML.OnnxRuntime (or Microsoft.ML.OnnxRuntime.Gpu) in the application.", e);
        }
    }

    private static bool IsMissingLibrary(Exception? e) =>
        e is not null && (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException || IsMissingLibrary(e.InnerException));

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Information, "{Path} runs on {Device}")]
        public static partial void Device(ILogger logger, string path, string device);

        [LoggerMessage(41, LogLevel.Information, "{Path} runs on {Device}: {Because}")]
        public static partial void DeviceBecause(ILogger logger, string path, string device, string because);

        [LoggerMessage(42, LogLevel.Warning, "{Path} does not run on cuda: {Reason}")]
        public static partial void CudaFailed(ILogger logger, string path, string reason);

        [LoggerMessage(43, LogLevel.Debug, "{Path} was warmed up in {Milliseconds} ms")]
        public static partial void WarmedUp(ILogger logger, string path, long milliseconds);

        [LoggerMessage(44, LogLevel.Warning, "{Path} could not be warmed up with zeros, so the first request will take longer: {Reason}")]
        public static partial void WarmUpFailed(ILogger logger, string path, string reason);
    }
}
