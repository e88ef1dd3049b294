using Sidecars;

namespace Image;

/// <summary>
/// The stand-in: no trained model, but a rule. Every pixel votes for the nearest of twelve colours; a colour's score is
/// the logarithm of its share of the votes, so that softmax gives the share back.
/// </summary>
internal sealed class ColourPredictor : IPredictor
{
    /// <summary>The classes, in the order of <c>model/labels.txt</c>.</summary>
    public static IReadOnlyList<(string Name, int Red, int Green, int Blue)> Colours { get; } =
    [
        ("black", 0, 0, 0), ("white", 255, 255, 255), ("grey", 128, 128, 128), ("red", 220, 30, 30), ("orange", 250, 150, 30),
        ("yellow", 250, 230, 60), ("green", 50, 160, 60), ("turquoise", 60, 200, 200), ("blue", 40, 80, 210),
        ("violet", 130, 60, 180), ("pink", 245, 150, 190), ("brown", 120, 75, 40),
    ];

    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        Tensor images = request.Inputs[0];
        int count = (int)images.Shape[0];
        var scores = new float[count * Colours.Count];
        for (int i = 0; i < count; i++)
        {
            Score(images.AsSpan<float>().Slice(i * ImageTensor.Length, ImageTensor.Length), scores.AsSpan(i * Colours.Count, Colours.Count));
        }

        return new(InferResponse.FromTensors(Tensor.Create("scores", scores, count, Colours.Count)));
    }

    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(true);

    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(true);

    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(new ModelMetadata(
            modelName, "colours",
            [new TensorMetadata("image", Datatype.FP32, -1, 3, ImageTensor.Side, ImageTensor.Side)],
            [new TensorMetadata("scores", Datatype.FP32, -1, Colours.Count)]));

    private static void Score(ReadOnlySpan<float> image, Span<float> scores)
    {
        Span<int> votes = stackalloc int[scores.Length];
        votes.Clear();
        for (int i = 0; i < ImageTensor.Pixels; i++)
        {
            votes[Nearest(Value(image, 0, i), Value(image, 1, i), Value(image, 2, i))]++;
        }

        for (int c = 0; c < scores.Length; c++)
        {
            // No vote at all is a millionth, so that every logarithm is a number.
            scores[c] = MathF.Log(((float)votes[c] / ImageTensor.Pixels) + 1e-6f);
        }
    }

    /// <summary>The byte that a normalised number was.</summary>
    private static float Value(ReadOnlySpan<float> image, int channel, int pixel) =>
        255 * ((image[(channel * ImageTensor.Pixels) + pixel] * ImageTensor.Deviation[channel]) + ImageTensor.Mean[channel]);

    private static int Nearest(float red, float green, float blue)
    {
        int nearest = 0;
        float least = float.PositiveInfinity;
        for (int c = 0; c < Colours.Count; c++)
        {
            (_, int r, int g, int b) = Colours[c];
            float distance = ((red - r) * (red - r)) + ((green - g) * (green - g)) + ((blue - b) * (blue - b));
            if (distance < least)
            {
                (least, nearest) = (distance, c);
            }
        }

        return nearest;
    }
}
