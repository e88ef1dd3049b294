namespace Sidecars.Explainers.Tests.Progress;

/// <summary>A listener that keeps what it hears; reports may not overlap.</summary>
internal sealed class Heard<T> : IProgress<T>
{
    private int _inside;

    public List<T> Reports { get; } = [];

    public void Report(T value)
    {
        Interlocked.Increment(ref _inside).Should().Be(1, "reports come one at a time");
        Reports.Add(value);
        Interlocked.Decrement(ref _inside);
    }
}
