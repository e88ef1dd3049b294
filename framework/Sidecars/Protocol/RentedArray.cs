using System.Buffers;

namespace Sidecars.Protocol;

/// <summary>Gives a pooled array back when disposed.</summary>
internal sealed class RentedArray<T>(T[] array) : IDisposable
{
    private T[]? _array = array;

    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<T>.Shared.Return(array);
        }
    }
}
