namespace Company.Namespace;

/// <summary>
/// A logistic regression of scaled features. It answers where no <c>--predictor_host</c> is given, so that the project runs
/// without a cluster; under KServe the predictor does.
/// </summary>
internal sealed class ChurnPredictor : IEmbeddedPredictor
{
    private const double Intercept = -0.2898;

    // Of ChurnFeatures.Names, in their order.
    private static readonly double[] s_weights = [-0.1568, -0.864, -0.5039, 1.0503, 0.9498];
    private static readonly TensorMetadata[] s_inputs = [new("features", Datatype.FP32, -1, s_weights.Length)];
    private static readonly TensorMetadata[] s_outputs = [new("probability", Datatype.FP64, -1)];

    public ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        float[] rows = request.InputsFor(s_inputs) is [{ Shape: [_, 5] or [0] } input]
            ? input.ToArray<float>()
            : throw InferenceException.InvalidInput("expected one input [rows, 5]");
        double[] probabilities = [.. rows.Chunk(s_weights.Length).Select(Probability)];
        return new(InferResponse.FromTensors(Tensor.Create("probability", probabilities)));
    }

    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(true);

    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(true);

    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(new ModelMetadata(modelName, "", s_inputs, s_outputs));

    private static double Probability(float[] row) =>
        1 / (1 + Math.Exp(-(Intercept + row.Zip(s_weights).Sum(pair => pair.First * pair.Second))));
}
