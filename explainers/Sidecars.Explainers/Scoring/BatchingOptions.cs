namespace Sidecars.Explainers;

/// <summary>How a <see cref="BatchingScorer"/> merges calls.</summary>
public sealed record BatchingOptions
{
    /// <summary>How many rows one run takes at most, at least 1; default 65 536. Longer calls take several.</summary>
    public int MaxRows { get; init; } = 65_536;

    /// <summary>How long a run waits at most for callers who took part in the one before, from 0; default 2 ms. A caller who is
    /// alone never waits.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many rows may wait for their run, at least 1; default 4 194 304. What comes then is refused: 503. A single
    /// call is taken whatever its length, when nothing waits.</summary>
    public int MaxWaitingRows { get; init; } = 1 << 22;

    internal BatchingOptions Checked() =>
        MaxRows < 1 || MaxWait < TimeSpan.Zero || MaxWaitingRows < 1
            ? throw new SidecarConfigurationException(
                $"BatchingOptions: MaxRows is {MaxRows} and MaxWaitingRows {MaxWaitingRows}, allowed: 1 and above; MaxWait is {MaxWait}, allowed: 0 and above.")
            : this;
}
