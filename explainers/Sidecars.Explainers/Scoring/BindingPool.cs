using System.Collections.Concurrent;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>The bindings of one model: one for each run at a time, used again by the next.</summary>
internal sealed class BindingPool(OnnxModel model) : IDisposable
{
    private readonly ConcurrentBag<OnnxBinding> _idle = [];
    private volatile bool _disposed;

    public OnnxBinding Rent() => _idle.TryTake(out OnnxBinding? binding) ? binding : model.CreateBinding();

    public void Return(OnnxBinding binding)
    {
        _idle.Add(binding);
        if (_disposed)
        {
            Empty();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        Empty();
    }

    private void Empty()
    {
        while (_idle.TryTake(out OnnxBinding? binding))
        {
            binding.Dispose();
        }
    }
}
