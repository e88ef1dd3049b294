namespace Company.Namespace;

/// <summary>What the predictor's answer means.</summary>
internal static class Probabilities
{
    /// <summary>One probability per row: from [rows], [rows, 1], or [rows, 2] with that of leaving second.</summary>
    public static double[] Read(IReadOnlyList<Tensor> outputs)
    {
        // Classifiers often answer a label as well; the probabilities are the floats.
        Tensor output = outputs.FirstOrDefault(o => o is { Datatype: Datatype.FP32 or Datatype.FP64, Shape: [_] or [_, 1 or 2] })
            ?? throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer has no probabilities.");
        double[] values = output.ToArray<double>();
        return output.Shape is [_, 2] ? [.. values.Where((_, i) => i % 2 == 1)] : values;
    }

    public static string Tier(double probability) => probability switch
    {
        > 0.7 => "HIGH",
        > 0.3 => "MEDIUM",
        _ => "LOW",
    };
}
