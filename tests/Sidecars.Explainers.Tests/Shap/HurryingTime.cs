namespace Sidecars.Explainers.Tests.Shap;

/// <summary>A clock on which a second passes whenever somebody looks.</summary>
internal sealed class HurryingTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _now, TimeSpan.TicksPerSecond);
}
