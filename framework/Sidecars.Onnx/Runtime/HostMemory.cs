using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>
/// A block of this machine's memory that is used again and again and grows when it must. For a GPU it is page-locked, so
/// that the device copies at full speed and not through a buffer of the driver's.
/// </summary>
/// <param name="pinned">Where page-locked memory comes from; null for ordinary memory.</param>
internal sealed unsafe class HostMemory(OrtAllocator? pinned) : IDisposable
{
    // What vector instructions like.
    private const nuint Alignment = 64;

    private OrtMemoryAllocation? _locked;
    private void* _plain;

    /// <summary>Where it begins; as good as gone when more is reserved.</summary>
    public nint Pointer => _locked is { } locked ? locked.DangerousGetHandle() : (nint)_plain;

    private long Size { get; set; }

    /// <summary>The device's page-locked memory. Where ONNX Runtime gives none out, ordinary memory does as well, only slower.</summary>
    public static OrtAllocator? Pinned(InferenceSession session, OnnxDevice device, int deviceId)
    {
        if (device is not (OnnxDevice.Cuda or OnnxDevice.TensorRt))
        {
            return null;
        }

        // It is known under the device's number in some versions, and under 0 in others.
        foreach (int id in (int[])(deviceId == 0 ? [0] : [deviceId, 0]))
        {
            try
            {
                using var info = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, id, OrtMemType.CpuOutput);
                return new OrtAllocator(session, info);
            }
            catch (OnnxRuntimeException)
            {
                // The next one, or none.
            }
        }

        return null;
    }

    /// <summary>Makes room; what was there is lost when there was less.</summary>
    public nint Reserve(long bytes)
    {
        if (bytes > Size)
        {
            long size = Math.Max(bytes, Math.Min(2 * Size, uint.MaxValue));
            Free();
            if (pinned is not null)
            {
                _locked = pinned.Allocate(checked((uint)size));
            }
            else
            {
                _plain = NativeMemory.AlignedAlloc((nuint)size, Alignment);
            }

            Size = size;
        }

        return Pointer;
    }

    public void Dispose() => Free();

    private void Free()
    {
        _locked?.Dispose();
        _locked = null;
        NativeMemory.AlignedFree(_plain);
        _plain = null;
        Size = 0;
    }
}
