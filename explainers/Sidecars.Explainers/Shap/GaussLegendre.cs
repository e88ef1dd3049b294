using System.Collections.Concurrent;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Gauss–Legendre quadrature on [0, 1]: n points integrate polynomials up to degree 2n − 1 exactly, with positive weights,
/// hence without loss of digits.
/// </summary>
internal sealed class GaussLegendre
{
    private static readonly ConcurrentDictionary<int, GaussLegendre> Rules = new();

    private GaussLegendre(int points)
    {
        Points = new double[points];
        Weights = new double[points];
        for (int i = 0; i < points; i++)
        {
            // Newton's method on the Legendre polynomial from the usual first guess of its roots, which are in (−1, 1).
            double x = Math.Cos(Math.PI * (i + 0.75) / (points + 0.5)), slope = 1;
            for (int step = 0; step < 100; step++)
            {
                (double value, slope) = Legendre(points, x);
                double next = x - (value / slope);
                if (Math.Abs(next - x) < 1e-16)
                {
                    break;
                }

                x = next;
            }

            Points[i] = (1 - x) / 2;
            Weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }
    }

    /// <summary>The points, ascending.</summary>
    public double[] Points { get; }

    /// <summary>Their weights, summing to 1.</summary>
    public double[] Weights { get; }

    /// <summary>The rule of so many points.</summary>
    public static GaussLegendre Of(int points) => Rules.GetOrAdd(points, static n => new GaussLegendre(n));

    // Bonnet's recursion: (k + 1) P_{k+1} = (2k + 1) x P_k − k P_{k−1}.
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double before = 1, value = x;
        for (int k = 1; k < n; k++)
        {
            (before, value) = (value, ((((2 * k) + 1) * x * value) - (k * before)) / (k + 1));
        }

        return (value, n * ((x * value) - before) / ((x * x) - 1));
    }
}
