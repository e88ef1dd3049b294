namespace Sidecars.Explainers.Graphs;

/// <summary>The transformations of ai.onnx.ml operators, as ONNX Runtime computes them, in float64.</summary>
internal static class PostTransforms
{
    /// <summary>Turns the scores of one row into answers, in place.</summary>
    public static void Apply(PostTransform transform, Span<double> scores)
    {
        switch (transform)
        {
            case PostTransform.Logistic:
                foreach (ref double score in scores)
                {
                    score = Logistic(score);
                }

                break;
            case PostTransform.Softmax:
            case PostTransform.SoftmaxZero:
                Softmax(scores, transform == PostTransform.SoftmaxZero);
                break;
            case PostTransform.Probit:
                foreach (ref double score in scores)
                {
                    score = Probit(score);
                }

                break;
        }
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Reads the name of a transformation.</summary>
    /// <exception cref="InvalidDataException">There is no such transformation.</exception>
    public static PostTransform Parse(string name) => name switch
    {
        "NONE" => PostTransform.None,
        "LOGISTIC" => PostTransform.Logistic,
        "SOFTMAX" => PostTransform.Softmax,
        "SOFTMAX_ZERO" => PostTransform.SoftmaxZero,
        "PROBIT" => PostTransform.Probit,
        _ => throw new InvalidDataException($"post_transform is {name}."),
    };

    private static void Softmax(Span<double> scores, bool zerosStay)
    {
        const double zero = 1e-7;
        double max = double.NegativeInfinity, sum = 0;
        foreach (double score in scores)
        {
            max = Math.Max(max, score);
        }

        foreach (ref double score in scores)
        {
            if (zerosStay && Math.Abs(score) <= zero)
            {
                score *= Math.Exp(-max);
                continue;
            }

            score = Math.Exp(score - max);
            sum += score;
        }

        foreach (ref double score in scores)
        {
            score /= sum;
        }
    }

    // √2 erf⁻¹(2p − 1) with Winitzki's approximation of erf⁻¹ (2008, a = 0.147), which is what ONNX Runtime answers.
    private static double Probit(double p)
    {
        const double a = 0.147;
        double x = (2 * p) - 1;
        double log = Math.Log((1 - x) * (1 + x));
        double half = (2 / (Math.PI * a)) + (log / 2);
        return Math.Sqrt(2) * Math.Sign(x) * Math.Sqrt(Math.Sqrt((half * half) - (log / a)) - half);
    }
}
