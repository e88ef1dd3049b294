namespace Sidecars.Onnx;

/// <summary>What runs a model.</summary>
public enum OnnxDevice
{
    /// <summary>CUDA where its provider is present and works, else the CPU. The log says which and why.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA. What CUDA cannot do runs on the CPU.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT. What TensorRT cannot do runs through CUDA, then on the CPU.</summary>
    TensorRt,
}
