namespace Sidecars.Explainers.Answers;

/// <summary>The part of 0 to 100% in which a precision and its threshold can be told apart.</summary>
/// <param name="Low">Where it begins.</param>
/// <param name="Step">How far its ticks are from each other.</param>
internal sealed record PrecisionAxis(double Low, double Step)
{
    private static readonly PrecisionAxis[] s_all =
        [new(0.99, 0.002), new(0.98, 0.005), new(0.95, 0.01), new(0.9, 0.02), new(0.8, 0.05), new(0.5, 0.1), new(0, 0.2)];

    /// <summary>The closest look that leaves some room before the least value.</summary>
    public static PrecisionAxis For(double least) => Array.Find(s_all, axis => least - axis.Low >= 0.15 * (1 - axis.Low)) ?? s_all[^1];

    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round((1 - Low) / Step) + 1).Select(i => Math.Round(Low + (i * Step), 4));

    /// <summary>Where a value stands, from 0 at the axis' beginning to 1 at its end.</summary>
    public double At(double value) => Math.Clamp((value - Low) / (1 - Low), 0, 1);
}
