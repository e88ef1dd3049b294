using Sidecars;

namespace Churn;

/// <summary>What a predictor's answer means.</summary>
internal static class ChurnAnswer
{
    /// <summary>The probability of churn per row: [rows] or [rows, 1] of probabilities, or [rows, 2] with that of churn second.</summary>
    public static double[] Read(IReadOnlyList<Tensor> outputs)
    {
        if (outputs.Count == 0 || outputs[0] is not { Datatype: not Datatype.BYTES, Shape.Length: 1 or 2 } output)
        {
            throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer is no list of probabilities.");
        }

        double[] values = output.ToArray<double>();
        int columns = output.Shape.Length == 1 ? 1 : (int)output.Shape[1];
        return columns switch
        {
            0 => throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer has rows without a probability."),
            1 => values,
            _ => [.. values.Where((_, i) => i % columns == 1)],
        };
    }

    public static string Tier(double probability) => probability switch
    {
        > 0.7 => "HIGH",
        > 0.3 => "MEDIUM",
        _ => "LOW",
    };
}
