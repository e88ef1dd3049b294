using System.Runtime.Intrinsics;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Shapley values of one leaf for all rows at once, by which of the path's d players a row satisfies: its pattern a.
/// </summary>
/// <remarks>
/// The leaf's game is v(S) = E[∏_{k∈S} a_k ∏_{k∉S} p_k], the mean over the patterns p of the background. Its multilinear
/// extension (Owen 1972) on the diagonal is the polynomial G_a(t) = E[∏_k (a_k t + p_k (1 − t))], and the Shapley value
/// of k is the integral over t of its derivative in direction k: ∫ E[(a_k − p_k) ∏_{j≠k} (a_j t + p_j (1 − t))] dt. With a∖k for the
/// pattern a without k, that integrand is (G_a − G_{a∖k} / (1 − t)) / t, whether k is in a or not; so
/// <para>φ_k(a) = U[a] − W[a∖k], U[a] = ∫ G_a / t, W[a] = ∫ G_a / (t (1 − t)).</para>
/// Taken twice it gives the pairwise Shapley interaction index (Grabisch and Roubens 1999):
/// <para>I_kl(a) = A[a] − B[a∖k] − B[a∖l] + C[a∖k∖l], with G_a over t², t² (1 − t) and t² (1 − t)².</para>
/// The integrands are polynomials of degree below d, so that eight points of Gauss and Legendre are exact for d ≤ 16; the
/// parts diverge but their sums at the points do not. Splitting players by patterns is the idea of PLTreeSHAP (Zern et
/// al. 2023) and WOODELF (Nadel and Wettenstein 2026).
/// </remarks>
internal static class PatternTables
{
    /// <summary>The most players on a path for which the quadrature is exact.</summary>
    public const int MaxPlayers = 16;

    /// <summary>How many tables values take, and how many interactions take with them.</summary>
    public const int ForValues = 2, ForInteractions = 5;

    private static readonly GaussLegendre Rule = GaussLegendre.Of(8);
    private static readonly Vector256<double> TLow = Vector256.Create(Rule.Points, 0);
    private static readonly Vector256<double> THigh = Vector256.Create(Rule.Points, 4);
    private static readonly (Vector256<double> Low, Vector256<double> High)[] Kernels =
    [
        Kernel(static t => 1 / t),
        Kernel(static t => 1 / (t * (1 - t))),
        Kernel(static t => 1 / (t * t)),
        Kernel(static t => 1 / (t * t * (1 - t))),
        Kernel(static t => 1 / (t * t * (1 - t) * (1 - t))),
    ];

    /// <summary>Fills the tables of a leaf.</summary>
    /// <param name="players">How many players are on its path: d.</param>
    /// <param name="histogram">How much of the background has each pattern, [2^d].</param>
    /// <param name="scale">What every number is multiplied with.</param>
    /// <param name="tables">Where U, W and as many more as there is room for of A, B and C go, each [2^d].</param>
    /// <param name="scratch">Room for [2^d · 8] numbers.</param>
    public static void Fill(int players, ReadOnlySpan<double> histogram, double scale, Span<double> tables, Span<double> scratch)
    {
        int size = 1 << players;
        Span<Vector256<double>> g = System.Runtime.InteropServices.MemoryMarshal.Cast<double, Vector256<double>>(scratch)[..(size * 2)];
        for (int p = 0; p < size; p++)
        {
            g[2 * p] = g[(2 * p) + 1] = Vector256.Create(histogram[p] * scale);
        }

        // One player after the other turns from "the background satisfies it" to "the row does": G over p_k = 0 and 1
        // becomes (1 − t) G₁ for a_k = 0 and t G₀ + G₁ for a_k = 1.
        Vector256<double> sLow = Vector256<double>.One - TLow, sHigh = Vector256<double>.One - THigh;
        for (int bit = 1; bit < size; bit <<= 1)
        {
            for (int a = 0; a < size; a++)
            {
                if ((a & bit) != 0)
                {
                    continue;
                }

                int off = 2 * a, on = 2 * (a | bit);
                Vector256<double> low1 = g[on], high1 = g[on + 1];
                g[on] = (TLow * g[off]) + low1;
                g[on + 1] = (THigh * g[off + 1]) + high1;
                g[off] = sLow * low1;
                g[off + 1] = sHigh * high1;
            }
        }

        for (int table = 0; (table + 1) * size <= tables.Length; table++)
        {
            (Vector256<double> low, Vector256<double> high) = Kernels[table];
            Span<double> target = tables.Slice(table * size, size);
            for (int a = 0; a < size; a++)
            {
                target[a] = Vector256.Sum((low * g[2 * a]) + (high * g[(2 * a) + 1]));
            }
        }
    }

    private static (Vector256<double> Low, Vector256<double> High) Kernel(Func<double, double> f)
    {
        double[] k = [.. Rule.Points.Select((t, i) => Rule.Weights[i] * f(t))];
        return (Vector256.Create(k, 0), Vector256.Create(k, 4));
    }
}
