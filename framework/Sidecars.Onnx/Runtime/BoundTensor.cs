using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sidecars.Onnx.Runtime;

/// <summary>One input or output of a binding: where its elements are, and what they are.</summary>
internal sealed unsafe class BoundTensor(OrtAllocator? pinned) : IDisposable
{
    private readonly HostMemory _memory = new(pinned);
    private MemoryHandle _pin;
    private nint _pointer;
    private long _bytes;
    private long[] _shape = [];
    private TensorElementType _type;
    private bool _borrowed;

    /// <summary>Whether it is part of the next run.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Whether it was given since the last run.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Whether it has a place already, or gets one from the run.</summary>
    public bool HasMemory { get; private set; }

    /// <summary>The value that the run made a place for.</summary>
    public OrtValue? Given { get; set; }

    public long[] Shape => Given?.GetTensorTypeAndShape().Shape ?? _shape;

    /// <summary>Takes a place in memory of its own.</summary>
    public Span<T> Reserve<T>(scoped ReadOnlySpan<long> shape) where T : unmanaged
    {
        int count = Describe<T>(shape);
        _pointer = _memory.Reserve(Math.Max(_bytes, 1));
        return new Span<T>((void*)_pointer, count);
    }

    /// <summary>Uses somebody else's memory, until <see cref="EndRun"/>.</summary>
    public void Use<T>(ReadOnlyMemory<T> values, ReadOnlySpan<long> shape) where T : unmanaged
    {
        int count = Describe<T>(shape);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, count);
        _pin = values.Pin();
        _pointer = (nint)_pin.Pointer;
        _borrowed = true;
    }

    public void LeaveToRun()
    {
        Reset();
        IsSet = true;
    }

    /// <summary>To the runtime it is plain memory of this machine, page-locked or not: it then needs to know nothing of how it was made.</summary>
    public OrtValue ToValue() => OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _type, _shape, _pointer, _bytes);

    public ReadOnlySpan<T> Read<T>() where T : unmanaged =>
        Given is { } given ? given.GetTensorDataAsSpan<T>()
        : HasMemory && _type == ElementTypes.Of<T>() ? new ReadOnlySpan<T>((void*)_pointer, (int)(_bytes / sizeof(T)))
        : throw new InvalidOperationException($"The tensor does not hold {typeof(T)}.");

    /// <summary>After a run: what is in memory of its own stays given; what is somebody else's is theirs again.</summary>
    public void EndRun()
    {
        IsNew = false;
        if (_borrowed)
        {
            Reset();
        }
    }

    public void Dispose()
    {
        Reset();
        _memory.Dispose();
    }

    private int Describe<T>(ReadOnlySpan<long> shape) where T : unmanaged
    {
        Reset();
        long count = 1;
        foreach (long dimension in shape)
        {
            count = checked(count * dimension);
        }

        _type = ElementTypes.Of<T>();
        _bytes = count * sizeof(T);
        if (!shape.SequenceEqual(_shape))
        {
            _shape = shape.ToArray();
        }

        IsSet = IsNew = HasMemory = true;
        return checked((int)count);
    }

    private void Reset()
    {
        _pin.Dispose();
        _pin = default;
        _borrowed = false;
        Given?.Dispose();
        Given = null;
        IsSet = IsNew = HasMemory = false;
    }
}
