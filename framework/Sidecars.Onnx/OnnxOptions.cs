namespace Sidecars.Onnx;

/// <summary>
/// How a model is run. Inside a sidecar each can be given as a flag, as an environment variable of the flag's name in
/// capitals, or as a key of the flag's name in <c>appsettings.json</c>; code wins over all of them.
/// </summary>
public sealed class OnnxOptions
{
    /// <summary>What runs the model; default <see cref="OnnxDevice.Auto"/>. A device that is asked for by name and is
    /// not there stops the start. Flag <c>--onnx_device</c>: auto, cpu, cuda or tensorrt.</summary>
    public OnnxDevice Device { get; set; }

    /// <summary>Which GPU, counting from 0; default 0. Without effect on the CPU. Flag <c>--onnx_device_id</c>.</summary>
    public int DeviceId { get; set; }

    /// <summary>How many threads one operator may use, 1 to 1024; default null: as many as this process has
    /// processors, a container's limit counted. Flag <c>--onnx_intra_op_threads</c>.</summary>
    public int? IntraOpThreads { get; set; }

    /// <summary>How many operators of one graph may run at once, 1 to 1024; default null: one after the other.
    /// Flag <c>--onnx_inter_op_threads</c>.</summary>
    public int? InterOpThreads { get; set; }

    /// <summary>Whether the model runs once on zeros before it serves, so that the first caller does not wait for what
    /// is set up on first use; default true. Flag <c>--onnx_warm_up</c>.</summary>
    public bool WarmUp { get; set; } = true;
}
