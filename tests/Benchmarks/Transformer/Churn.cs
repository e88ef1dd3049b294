namespace Sidecars.Benchmarks.Transformer;

/// <summary>Scales 30 features on the way in; gives a probability its tier on the way out.</summary>
internal sealed class Churn : Model
{
    private const int Features = 30;
    private static readonly float[] s_mean = [.. Enumerable.Range(0, Features).Select(i => (0.1f * i) + 0.5f)];
    private static readonly float[] s_scale = [.. Enumerable.Range(0, Features).Select(i => 1 / (1 + (0.5f * (i % 5))))];

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        Span<float> values = request.Inputs[0].Edit<float>();
        for (int row = 0; row < values.Length; row += Features)
        {
            Span<float> features = values.Slice(row, Features);
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = (features[i] - s_mean[i]) * s_scale[i];
            }
        }

        return request;
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        float[] probabilities = response.Outputs[0].ToArray<float>();
        string[] tiers = new string[probabilities.Length];
        for (int i = 0; i < tiers.Length; i++)
        {
            tiers[i] = probabilities[i] < 0.3f ? "low" : probabilities[i] < 0.7f ? "medium" : "high";
        }

        return InferResponse.FromTensors(
            Tensor.Create("churn_probability", probabilities), Tensor.FromStrings("risk_tier", tiers));
    }
}
