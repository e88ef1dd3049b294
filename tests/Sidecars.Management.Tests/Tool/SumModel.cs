using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Tool;

/// <summary>A model that declares what it takes: rows of three numbers, of which it gives the sum.</summary>
internal sealed class SumModel : Model
{
    public override string Name => "sum";

    public override IReadOnlyList<TensorMetadata> Inputs => [new("x", Datatype.FP32, -1, 3)];

    public override IReadOnlyList<TensorMetadata> Outputs => [new("sum", Datatype.FP64, -1)];

    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        Tensor x = request.InputsFor(Inputs)[0];
        if (x.Shape.Length != 2 || x.Shape[1] != 3)
        {
            throw InferenceException.InvalidInput($"x is rows of three numbers, not [{string.Join(", ", x.Shape.ToArray())}].");
        }

        double[] values = x.ToArray<double>();
        double[] sums = [.. values.Chunk(3).Select(r => r.Sum())];
        return new(InferResponse.FromTensors(Tensor.Create("sum", sums, sums.Length)));
    }

    protected override InferResponse Explain(InferRequest request, InferenceContext context) =>
        context.Headers.Accept.ToString().StartsWith("text/plain", StringComparison.Ordinal)
            ? InferResponse.FromText("sum says 6\nbecause a > 1\n", "text/plain; charset=utf-8")
            : InferResponse.FromJson(JsonNode.Parse("""{"meta":{"name":"Sum"},"data":{"anchor":["a > 1","b <= 2"],"precision":0.97}}"""));
}
