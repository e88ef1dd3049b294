using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// All solutions of min ½ |y − Xβ|² + λ |β|₁, from the λ above which β is zero down to least squares: β is linear in λ between
/// the knots at which a variable comes in or goes out (Efron, Hastie, Johnstone, Tibshirani, "Least angle regression", 2004).
/// </summary>
internal static class LassoPath
{
    /// <summary>A point of the path.</summary>
    /// <param name="Lambda">λ.</param>
    /// <param name="Beta">β.</param>
    internal readonly record struct Knot(double Lambda, double[] Beta);

    /// <summary>Walks the path.</summary>
    /// <param name="gram">XᵀX.</param>
    /// <param name="correlation">Xᵀy.</param>
    /// <param name="most">How many variables may be in at most; the walk ends where one more would come in.</param>
    /// <param name="drops">Whether variables whose β passes zero go out, as in the lasso; without, this is least angle regression.</param>
    public static IReadOnlyList<Knot> Trace(Matrix<double> gram, double[] correlation, int most, bool drops)
    {
        int count = correlation.Length;
        double[] left = [.. correlation];
        double[] beta = new double[count];
        double lambda = left.Max(Math.Abs);
        double end = 1e-9 * lambda;
        var active = new List<int>();
        var knots = new List<Knot> { new(lambda, [.. beta]) };
        int gone = -1;
        for (int step = 0; step < 8 * count && lambda > end; step++)
        {
            if (gone < 0 && active.Count < count)
            {
                if (active.Count == most)
                {
                    break;
                }

                active.Add(Enumerable.Range(0, count).Except(active).MaxBy(j => Math.Abs(left[j])));
            }

            Vector<double> direction = Direction(gram, active, left);
            double[] slope = [.. Enumerable.Range(0, count).Select(j => active.Select((k, at) => gram[j, k] * direction[at]).Sum())];
            (double length, int leaves) = Step(lambda, left, beta, slope, active, direction, gone, drops);
            for (int at = 0; at < active.Count; at++)
            {
                beta[active[at]] += length * direction[at];
            }

            for (int j = 0; j < count; j++)
            {
                left[j] -= length * slope[j];
            }

            lambda -= length;
            gone = leaves;
            if (leaves >= 0)
            {
                beta[leaves] = 0;
                active.Remove(leaves);
            }

            knots.Add(new Knot(Math.Max(0, lambda), [.. beta]));
        }

        return knots;
    }

    /// <summary>β at a given λ.</summary>
    public static double[] At(IReadOnlyList<Knot> knots, double lambda)
    {
        int next = Enumerable.Range(0, knots.Count).FirstOrDefault(i => knots[i].Lambda <= lambda, knots.Count - 1);
        if (next == 0 || knots[next].Lambda > lambda)
        {
            return knots[next].Beta;
        }

        (Knot before, Knot after) = (knots[next - 1], knots[next]);
        double share = (before.Lambda - lambda) / (before.Lambda - after.Lambda);
        return [.. before.Beta.Select((value, i) => value + (share * (after.Beta[i] - value)))];
    }

    /// <summary>−dβ/dλ of the active variables: G_A⁻¹ sign(c_A).</summary>
    private static Vector<double> Direction(Matrix<double> gram, List<int> active, double[] left)
    {
        Matrix<double> inner = DenseMatrix.Create(
            active.Count, active.Count, (i, j) => gram[active[i], active[j]] * (i == j ? 1 + 1e-12 : 1));
        return inner.Cholesky().Solve(DenseVector.Create(active.Count, i => Math.Sign(left[active[i]])));
    }

    /// <summary>How far λ falls until a variable comes in or goes out, and which goes out; −1 for none.</summary>
    private static (double Length, int Leaves) Step(
        double lambda, double[] left, double[] beta, double[] slope, List<int> active, Vector<double> direction, int gone, bool drops)
    {
        double length = lambda;
        for (int j = 0; j < left.Length; j++)
        {
            if (active.Contains(j))
            {
                continue;
            }

            // |c_j − δ a_j| = λ − δ; who just went out does not come back at once.
            double up = (lambda - left[j]) / (1 - slope[j]);
            double down = (lambda + left[j]) / (1 + slope[j]);
            double least = j == gone ? 1e-12 * lambda : 0;
            length = up > least && up < length ? up : length;
            length = down > least && down < length ? down : length;
        }

        int leaves = -1;
        for (int at = 0; drops && at < active.Count; at++)
        {
            double zero = -beta[active[at]] / direction[at];
            if (zero > 0 && zero < length)
            {
                (length, leaves) = (zero, active[at]);
            }
        }

        return (length, leaves);
    }
}
