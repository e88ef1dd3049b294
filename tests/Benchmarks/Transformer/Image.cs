using System.Numerics.Tensors;

namespace Sidecars.Benchmarks.Transformer;

/// <summary>Normalises a picture per channel on the way in; picks the best class on the way out.</summary>
internal sealed class Image : Model
{
    private static readonly float[] s_mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] s_deviation = [0.229f, 0.224f, 0.225f];

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        Span<float> pixels = request.Inputs[0].Edit<float>();
        int plane = pixels.Length / s_mean.Length;
        for (int channel = 0; channel < s_mean.Length; channel++)
        {
            Span<float> values = pixels.Slice(channel * plane, plane);
            TensorPrimitives.Subtract(values, s_mean[channel], values);
            TensorPrimitives.Divide(values, s_deviation[channel], values);
        }

        return request;
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        ReadOnlySpan<float> logits = response.Outputs[0].AsSpan<float>();
        int best = TensorPrimitives.IndexOfMax(logits);
        float sum = 0;
        foreach (float logit in logits)
        {
            sum += MathF.Exp(logit - logits[best]);
        }

        return InferResponse.FromTensors(
            Tensor.Create<long>("class_id", [best]), Tensor.Create<float>("score", [1 / sum]));
    }
}
