namespace Sidecars.Onnx;

/// <summary>Devices as flags and log lines name them.</summary>
internal static class DeviceNames
{
    public static OnnxDevice? Parse(string text) => text.ToLowerInvariant() switch
    {
        "auto" => OnnxDevice.Auto,
        "cpu" => OnnxDevice.Cpu,
        "cuda" => OnnxDevice.Cuda,
        "tensorrt" => OnnxDevice.TensorRt,
        _ => null,
    };

    public static string Name(this OnnxDevice device) => device switch
    {
        OnnxDevice.Auto => "auto",
        OnnxDevice.Cpu => "cpu",
        OnnxDevice.Cuda => "cuda",
        _ => "tensorrt",
    };
}
