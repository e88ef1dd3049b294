namespace Sidecars.Explainers.Serving;

/// <summary>A listener that is a function, called where the report is made: one after the other, unlike <see cref="Progress{T}"/>'s.</summary>
internal sealed class Listener<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
