using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// The test that decides whether a rule keeps its promise: n fresh rows, n fixed before the first is drawn, and the exact
/// binomial tail. P(accepted | precision &lt; threshold) ≤ α, whatever the search that proposed the rule did.
/// </summary>
/// <param name="threshold">The precision to show.</param>
/// <param name="alpha">α over all tests of one explanation together.</param>
internal sealed class PrecisionTest(double threshold, double alpha)
{
    /// <summary>The fewest and the most rows of one test.</summary>
    public const int FewestRows = 200;
    public const int MostRows = 2000;

    /// <summary>How many rows a precision is reported from when there is nothing to decide.</summary>
    public const int ReportRows = 500;

    /// <summary>
    /// No number of rows shows a precision of 1: thresholds above this one are tested as this one, and the rows must not
    /// speak against the threshold itself. One that breaks a rule shows that its precision is below 1.
    /// </summary>
    public const double HighestThreshold = 0.995;

    private double? _needed;
    private readonly double _threshold = Math.Min(threshold, HighestThreshold);

    /// <summary>How many tests have been made.</summary>
    public int Tests { get; private set; }

    /// <summary>The level of the next test: three quarters of what the earlier ones left of α, so that all together stay below it.</summary>
    public double Level => alpha * 0.75 * Math.Pow(0.25, Tests);

    /// <summary>How many rows it takes so that a rule of this precision is accepted nine times out of ten.</summary>
    public int Rows(double precision)
    {
        double gap = precision - _threshold;
        if (gap <= 0)
        {
            return MostRows;
        }

        double spread = (Normal.InvCDF(0, 1, 1 - Level) * Deviation(_threshold)) + (1.28 * Deviation(precision));
        return (int)Math.Clamp(Math.Pow(spread / gap, 2), FewestRows, MostRows);
    }

    /// <summary>The least precision that the largest test would accept.</summary>
    public double Needed
    {
        get
        {
            if (_needed is null)
            {
                int low = (int)(_threshold * MostRows);
                int high = MostRows;
                while (low < high)
                {
                    int middle = (low + high) / 2;
                    (low, high) = Tail(middle, MostRows) <= Level ? (low, middle) : (middle + 1, high);
                }

                _needed = Math.Max(low / (double)MostRows, threshold);
            }

            return _needed.Value;
        }
    }

    /// <summary>
    /// How likely a rule has the precision it needs, given what the search saw of it: the tail of the beta distribution
    /// that a uniform prior leads to.
    /// </summary>
    /// <param name="successes">How many rows got the class.</param>
    /// <param name="samples">Of how many.</param>
    public double Chance(long successes, long samples) =>
        1 - SpecialFunctions.BetaRegularized(successes + 1, samples - successes + 1, Math.Min(Needed, HighestThreshold));

    /// <summary>Decides a test and counts it: whether P(X ≥ successes | n, threshold) is at most the level.</summary>
    public bool Accepts(long successes, long samples)
    {
        bool accepted = Tail(successes, samples) <= Level && successes >= threshold * samples;
        Tests++;
        _needed = null;
        return accepted;
    }

    /// <summary>The interval of Clopper and Pearson (1934): it contains the precision at least as often as it says.</summary>
    public static (double Low, double High) Interval(long successes, long samples, double confidence)
    {
        double outside = (1 - confidence) / 2;
        return (
            successes == 0 ? 0 : Beta.InvCDF(successes, samples - successes + 1, outside),
            successes == samples ? 1 : Beta.InvCDF(successes + 1, samples - successes, 1 - outside));
    }

    /// <summary>P(X ≥ successes) for a rule whose precision is just the threshold.</summary>
    private double Tail(long successes, long samples) =>
        successes == 0 ? 1 : SpecialFunctions.BetaRegularized(successes, samples - successes + 1, _threshold);

    private static double Deviation(double precision) => Math.Sqrt(precision * (1 - precision));
}
