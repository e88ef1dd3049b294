namespace Sidecars.Explainers.Anchors;

/// <summary>
/// Confidence bounds of a mean of zeros and ones by the Kullback–Leibler divergence (Kaufmann &amp; Kalyanakrishnan 2013,
/// section 3): the ends of { q : n · KL(p, q) ≤ β }.
/// </summary>
internal static class KlBounds
{
    /// <summary>KL(p, q) = p ln(p/q) + (1-p) ln((1-p)/(1-q)).</summary>
    public static double Divergence(double p, double q) => Term(p, q) + Term(1 - p, 1 - q);

    /// <summary>u = max { q ≥ p : n · KL(p, q) ≤ β }.</summary>
    public static double Upper(double p, long n, double beta) => p == 1 ? 1 : End(p, 1, beta / n);

    /// <summary>l = min { q ≤ p : n · KL(p, q) ≤ β }.</summary>
    public static double Lower(double p, long n, double beta) => p == 0 ? 0 : End(p, 0, beta / n);

    /// <summary>Bisection between p, where the divergence is 0, and the end of the range, where it is infinite.</summary>
    private static double End(double p, double end, double level)
    {
        // Pinsker's inequality, KL(p, q) ≥ 2 (p - q)², brings the outer end near.
        double inside = p;
        double reach = Math.Sqrt(level / 2);
        double outside = end > p ? Math.Min(end, p + reach) : Math.Max(end, p - reach);
        for (int i = 0; i < 60 && Math.Abs(outside - inside) > 1e-14; i++)
        {
            double middle = (inside + outside) / 2;
            (inside, outside) = Divergence(p, middle) <= level ? (middle, outside) : (inside, middle);
        }

        return (inside + outside) / 2;
    }

    private static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);
}
