namespace Sidecars.EndToEnd.Wire;

/// <summary>How long a test waits for what must come before it calls it absent. Nothing is expected to be fast.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    public static CancellationTokenSource Start() => new(Most);
}
