namespace Sidecars.Management.Tests.Tool;

/// <summary>A model that keeps the contract and refuses zeros, as measurements of something often do.</summary>
internal sealed class PositiveModel : Model
{
    public override string Name => "positive";

    public override IReadOnlyList<TensorMetadata> Inputs => [new("x", Datatype.FP32, -1, 3)];

    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        float[] values = request.InputsFor(Inputs)[0].ToArray<float>();
        return values.All(static v => v > 0)
            ? new(InferResponse.FromTensors(Tensor.Create("sum", [values.Sum()], 1)))
            : throw InferenceException.InvalidInput("x is positive.");
    }
}
