namespace Sidecars.Explainers.Shap;

/// <summary>
/// What a Gaussian process knows of a game before it is played. Write the odd part of v in products of signs,
/// d(S) = Σ_A c_A Π_{i∈A} s_i with s_i = ±1 for i in or out of S and |A| odd (the Fourier expansion that odd Shapley
/// regression uses). Terms of one player are left free; the c_A of |A| = 3, 5, … are independent normal numbers of variance
/// ∝ ρ^|A|: interactions of more players are smaller. All covariances then depend on counts of players only.
/// </summary>
internal sealed class OddSpectrum
{
    // Beyond this degree nothing is left at any ratio in use.
    private const int HighestDegree = 21;

    private readonly double[] _covariance;
    private readonly double[] _valueCovariance;

    /// <summary>Tabulates the covariances.</summary>
    /// <param name="players">M.</param>
    /// <param name="ratio">The energy of all terms of five players, relative to that of three.</param>
    public OddSpectrum(int players, double ratio)
    {
        int highest = Math.Min(players, HighestDegree);
        double rho = players < 5 ? 0.3 : Math.Min(0.9, Math.Sqrt(ratio * 20 / ((players - 3.0) * (players - 4.0))));
        double[] variance = new double[highest + 1];
        for (int degree = 3; degree <= highest; degree += 2)
        {
            variance[degree] = Math.Pow(rho, degree);
        }

        // d has variance 1 before the terms of one player.
        double scale = Sum(variance, Symmetric(players, 0, highest));
        if (scale > 0)
        {
            for (int degree = 0; degree <= highest; degree++)
            {
                variance[degree] /= scale;
            }
        }

        _covariance = [.. Enumerable.Range(0, players + 1).Select(h => Sum(variance, Symmetric(players, h, highest)))];

        // φ_i = Σ_{A∋i} 2 c_A / |A|.
        double[] shifted = new double[highest];
        for (int degree = 3; degree <= highest; degree++)
        {
            shifted[degree - 1] = variance[degree] * 2 / degree;
        }

        _valueCovariance = [.. Enumerable.Range(0, players).Select(h => Sum(shifted, Symmetric(players - 1, h, highest - 1)))];
        double[] counts = Symmetric(players - 1, 0, highest - 1);
        for (int degree = 3; degree <= highest; degree++)
        {
            ValueVariance += variance[degree] * 4 / degree / degree * counts[degree - 1];
        }
    }

    /// <summary>Var φ_i, the terms of one player not counted.</summary>
    public double ValueVariance { get; }

    /// <summary>Cov(d(S), d(T)) for sets that differ in some players.</summary>
    public double Covariance(int distance) => _covariance[distance];

    /// <summary>Cov(φ_i, d(S)) for a set that <paramref name="othersOut"/> players other than i are not in; negative where i is out.</summary>
    public double ValueCovariance(bool inside, int othersOut) => inside ? _valueCovariance[othersOut] : -_valueCovariance[othersOut];

    /// <summary>The elementary symmetric polynomials e_0, e_1, … of signs of which some are −1: the coefficients of (1+z)^(n−m) (1−z)^m.</summary>
    private static double[] Symmetric(int signs, int minus, int highest)
    {
        double[] e = new double[highest + 1];
        e[0] = 1;
        for (int i = 0; i < signs; i++)
        {
            int sign = i < minus ? -1 : 1;
            for (int degree = Math.Min(i + 1, highest); degree > 0; degree--)
            {
                e[degree] += sign * e[degree - 1];
            }
        }

        return e;
    }

    private static double Sum(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
