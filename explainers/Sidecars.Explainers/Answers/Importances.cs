namespace Sidecars.Explainers.Answers;

/// <summary>How much each player moves a model's answers, over rows: the mean size of its values.</summary>
internal static class Importances
{
    /// <summary>Of one output, [players].</summary>
    public static double[] Of(ShapExplanation shap, int output)
    {
        double[] mean = new double[shap.Players];
        for (int row = 0; row < shap.Rows; row++)
        {
            for (int player = 0; player < shap.Players; player++)
            {
                mean[player] += Math.Abs(shap.Value(row, output, player)) / shap.Rows;
            }
        }

        return mean;
    }

    /// <summary>Of all outputs together, [players].</summary>
    public static double[] OfAll(ShapExplanation shap)
    {
        double[] total = new double[shap.Players];
        for (int output = 0; output < shap.Outputs; output++)
        {
            double[] mean = Of(shap, output);
            for (int player = 0; player < shap.Players; player++)
            {
                total[player] += mean[player];
            }
        }

        return total;
    }

    /// <summary>The players, the most important first.</summary>
    public static int[] Rank(double[] effects) => [.. Enumerable.Range(0, effects.Length).OrderByDescending(player => effects[player])];
}
