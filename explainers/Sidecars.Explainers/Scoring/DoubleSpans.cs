using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Loops over float64 in the machine's vectors. A number's result does not depend on its place in the span: what is left
/// at the end of a span goes through a vector too. The methods are compiled once, fully: a service's first requests
/// would otherwise run them in their slowest form.
/// </summary>
internal static class DoubleSpans
{
    // exp of more is infinite, and of less is zero, within what follows.
    private const double LargestExponent = 708;

    /// <summary>values = exp(sign · values).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp(Span<double> values, double sign = 1)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Exp(vectors[i], sign);
        }

        Span<double> rest = values[(vectors.Length * Vector<double>.Count)..];
        if (rest.Length > 0)
        {
            Store(Exp(Load(rest), sign), rest);
        }
    }

    /// <summary>values = 1 / (1 + exp(−values)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Logistic(Span<double> values)
    {
        Exp(values, -1);
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector<double>.One / (Vector<double>.One + vectors[i]);
        }

        foreach (ref double value in values[(vectors.Length * Vector<double>.Count)..])
        {
            value = 1 / (1 + value);
        }
    }

    /// <summary>values += weight · addends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> values, double weight, ReadOnlySpan<double> addends)
    {
        Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(addends);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] += others[i] * weight;
        }

        for (int i = vectors.Length * Vector<double>.Count; i < values.Length; i++)
        {
            values[i] += addends[i] * weight;
        }
    }

    /// <summary>The sum of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> left = MemoryMarshal.Cast<double, Vector<double>>(a);
        ReadOnlySpan<Vector<double>> right = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < left.Length; i++)
        {
            sums += left[i] * right[i];
        }

        double sum = Vector.Sum(sums);
        for (int i = left.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Exp(Vector<double> value, double sign) =>
        Vector.Exp(Vector.Max(Vector.Min(value * sign, new Vector<double>(LargestExponent)), new Vector<double>(-LargestExponent)));

    private static Vector<double> Load(ReadOnlySpan<double> rest)
    {
        Span<double> whole = stackalloc double[Vector<double>.Count];
        whole.Clear();
        rest.CopyTo(whole);
        return new Vector<double>(whole);
    }

    private static void Store(Vector<double> vector, Span<double> rest)
    {
        Span<double> whole = stackalloc double[Vector<double>.Count];
        vector.CopyTo(whole);
        whole[..rest.Length].CopyTo(rest);
    }
}
