namespace Sidecars.Explainers.Shap;

/// <summary>Makes values add up to v(N) − v(∅) to the last digits, where rounding left a rest.</summary>
internal static class Efficiency
{
    public static void Enforce(Span<double> values, double total)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        double share = (total - sum) / values.Length;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += share;
        }
    }
}
