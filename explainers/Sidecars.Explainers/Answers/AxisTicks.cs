namespace Sidecars.Explainers.Answers;

/// <summary>Round numbers along an axis.</summary>
internal static class AxisTicks
{
    /// <summary>The multiples of 1, 2 or 5 times a power of ten between two numbers, about as many as wanted.</summary>
    public static double[] Between(double low, double high, int wanted)
    {
        double span = high - low;
        if (!(span > 0) || !double.IsFinite(span) || wanted < 1)
        {
            return [];
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(span / wanted)));
        double step = power * ((span / wanted / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        double first = Math.Ceiling(low / step);
        double count = Math.Floor(high / step) - first;

        // Where steps are too small for doubles at that height there is nothing to tell ticks apart by.
        return !(step > 0) || !double.IsFinite(first) || Math.Abs(first) > 1e14 || !(count >= 0)
            ? []
            : [.. Enumerable.Range(0, (int)count + 1).Select(i => (first + i) * step)];
    }
}
