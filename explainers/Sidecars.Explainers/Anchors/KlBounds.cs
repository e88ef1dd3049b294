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
    public static double Upper(double p, long n, double beta)
    {
        double level = beta / n;
        if (p is 0 or 1)
        {
            return p == 1 ? 1 : 1 - Math.Exp(-level); // KL(0, q) = -ln(1-q)
        }

        // Two bounds from outside: Pinsker's inequality, KL(p, q) ≥ 2 (p - q)², and KL(p, q) ≥ -h(p) - (1-p) ln(1-q) with
        // the entropy h. From there Newton's steps come down to u one way, since KL is convex in q.
        double entropy = -(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p));
        double q = Math.Min(p + Math.Sqrt(level / 2), 1 - Math.Exp(-(level + entropy) / (1 - p)));
        for (int i = 0; i < 100 && q < 1; i++)
        {
            double step = (Divergence(p, q) - level) * q * (1 - q) / (q - p);
            q -= step;
            if (step < 1e-15)
            {
                break;
            }
        }

        return q;
    }

    /// <summary>l = min { q ≤ p : n · KL(p, q) ≤ β }, the upper bound seen from the other side: KL(p, q) = KL(1-p, 1-q).</summary>
    public static double Lower(double p, long n, double beta) => 1 - Upper(1 - p, n, beta);

    private static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);
}
