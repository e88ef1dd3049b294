using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The lower factor L of a symmetric positive definite matrix, G = L Lᵀ, its rows packed one after the other. Written for
/// this room's thousand-row matrices, on which it takes a fraction of the time of a general one on a single core.
/// </summary>
internal sealed class CholeskyFactor
{
    private readonly double[] _rows;

    /// <summary>Factorises in place.</summary>
    /// <param name="order">How many rows the matrix has.</param>
    /// <param name="lower">Its lower half, row after row, row i with i + 1 entries; becomes L.</param>
    public CholeskyFactor(int order, double[] lower)
    {
        Order = order;
        _rows = lower;
        const int Block = 4;
        for (int top = 0; top < order; top += Block)
        {
            int height = Math.Min(Block, order - top);
            if (height == Block)
            {
                SolveFourRows(top);
            }
            else
            {
                for (int i = top; i < top + height; i++)
                {
                    SolveRow(i, 0, top);
                }
            }

            for (int i = top; i < top + height; i++)
            {
                SolveRow(i, top, i);
                double rest = _rows[Start(i) + i] - Dot(Row(i), Row(i), i);
                _rows[Start(i) + i] = Math.Sqrt(Math.Max(rest, 1e-14));
            }
        }
    }

    public int Order { get; }

    /// <summary>ln det G.</summary>
    public double LogDeterminant
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Order; i++)
            {
                sum += Math.Log(_rows[Start(i) + i]);
            }

            return 2 * sum;
        }
    }

    /// <summary>How many numbers it holds.</summary>
    public static int Size(int order) => order * (order + 1) / 2;

    /// <summary>Where a row starts.</summary>
    public static int Start(int row) => row * (row + 1) / 2;

    /// <summary>x becomes L⁻¹ x.</summary>
    public void SolveLower(Span<double> x)
    {
        for (int i = 0; i < Order; i++)
        {
            x[i] = (x[i] - Dot(Row(i), x, i)) / _rows[Start(i) + i];
        }
    }

    /// <summary>x becomes L⁻ᵀ x.</summary>
    public void SolveUpper(Span<double> x)
    {
        for (int i = Order - 1; i >= 0; i--)
        {
            double value = x[i] /= _rows[Start(i) + i];
            Subtract(Row(i)[..i], value, x);
        }
    }

    /// <summary>Every column of X becomes G⁻¹ x. Columns go side by side, for L to be read once for all.</summary>
    /// <param name="x">X, [order, columns].</param>
    /// <param name="columns">How many columns there are.</param>
    public void Solve(double[] x, int columns)
    {
        Span<double> At(int row) => x.AsSpan(row * columns, columns);
        for (int i = 0; i < Order; i++)
        {
            ReadOnlySpan<double> row = Row(i);
            for (int j = 0; j < i; j++)
            {
                Subtract(At(j), row[j], At(i));
            }

            Divide(At(i), row[i]);
        }

        for (int i = Order - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = Row(i);
            Divide(At(i), row[i]);
            for (int j = 0; j < i; j++)
            {
                Subtract(At(i), row[j], At(j));
            }
        }
    }

    /// <summary>Σ a_k b_k over the first <paramref name="count"/>.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int count)
    {
        a = a[..count];
        b = b[..count];
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
        int i = 0;
        for (; i + 4 <= va.Length; i += 4)
        {
            s0 += va[i] * vb[i];
            s1 += va[i + 1] * vb[i + 1];
            s2 += va[i + 2] * vb[i + 2];
            s3 += va[i + 3] * vb[i + 3];
        }

        for (; i < va.Length; i++)
        {
            s0 += va[i] * vb[i];
        }

        double sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (int k = va.Length * Vector<double>.Count; k < count; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private static void Subtract(ReadOnlySpan<double> row, double factor, Span<double> from)
    {
        var source = MemoryMarshal.Cast<double, Vector<double>>(row);
        var target = MemoryMarshal.Cast<double, Vector<double>>(from[..row.Length]);
        var scale = new Vector<double>(factor);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] -= source[i] * scale;
        }

        for (int k = source.Length * Vector<double>.Count; k < row.Length; k++)
        {
            from[k] -= row[k] * factor;
        }
    }

    private static void Divide(Span<double> values, double by)
    {
        double factor = 1 / by;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    private Span<double> Row(int row) => _rows.AsSpan(Start(row), row + 1);

    /// <summary>Entries [from, to) of one row, those before being known.</summary>
    private void SolveRow(int row, int from, int to)
    {
        Span<double> x = Row(row);
        for (int j = from; j < to; j++)
        {
            x[j] = (x[j] - Dot(Row(j), x, j)) / _rows[Start(j) + j];
        }
    }

    /// <summary>The entries left of the diagonal block of four rows at once, so that each earlier row is read once for all four.</summary>
    private void SolveFourRows(int top)
    {
        Span<double> a = Row(top), b = Row(top + 1), c = Row(top + 2), d = Row(top + 3);
        for (int j = 0; j < top; j++)
        {
            ReadOnlySpan<double> row = Row(j);
            var v = MemoryMarshal.Cast<double, Vector<double>>(row[..j]);
            var va = MemoryMarshal.Cast<double, Vector<double>>(a)[..v.Length];
            var vb = MemoryMarshal.Cast<double, Vector<double>>(b)[..v.Length];
            var vc = MemoryMarshal.Cast<double, Vector<double>>(c)[..v.Length];
            var vd = MemoryMarshal.Cast<double, Vector<double>>(d)[..v.Length];
            Vector<double> sa = Vector<double>.Zero, sb = sa, sc = sa, sd = sa;
            for (int i = 0; i < v.Length; i++)
            {
                Vector<double> value = v[i];
                sa += value * va[i];
                sb += value * vb[i];
                sc += value * vc[i];
                sd += value * vd[i];
            }

            double ra = Vector.Sum(sa), rb = Vector.Sum(sb), rc = Vector.Sum(sc), rd = Vector.Sum(sd);
            for (int k = v.Length * Vector<double>.Count; k < j; k++)
            {
                ra += row[k] * a[k];
                rb += row[k] * b[k];
                rc += row[k] * c[k];
                rd += row[k] * d[k];
            }

            double scale = 1 / row[j];
            a[j] = (a[j] - ra) * scale;
            b[j] = (b[j] - rb) * scale;
            c[j] = (c[j] - rc) * scale;
            d[j] = (d[j] - rd) * scale;
        }
    }
}
