using System.Text.Json.Nodes;
using Sidecars;

namespace Churn;

/// <summary>Customers in, scaled features to the predictor, probability and risk tier out.</summary>
internal sealed class ChurnModel(SidecarOptions options) : Model
{
    private Scaler? _scaler;

    public override IReadOnlyList<TensorMetadata> Inputs { get; } =
        [.. Customers.Fields.Select(field => new TensorMetadata(field, Datatype.FP32, -1))];

    public override IReadOnlyList<TensorMetadata> Outputs { get; } =
        [new("churn_probability", Datatype.FP64, -1), new("risk_tier", Datatype.BYTES, -1)];

    public override JsonNode? Example => JsonNode.Parse(
        """{"instances":[{"age":34,"tenure_days":90,"monthly_spend":19.99,"support_tickets":6,"last_login_days":45}]}""");

    protected override async ValueTask LoadAsync(CancellationToken cancellation)
    {
        _scaler = await Scaler.LoadAsync(Path.Combine(options.ModelDir, "scaler.json"), cancellation);
        Ready = true;
    }

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        float[] rows = Customers.Read(request.Inputs);
        _scaler!.Scale(rows);
        return InferRequest.FromRows(rows, Customers.Fields.Count);
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        double[] probabilities = ChurnAnswer.Read(response.Outputs);
        string[] tiers = [.. probabilities.Select(ChurnAnswer.Tier)];
        if (context.Protocol == InferenceProtocol.V1)
        {
            // People read V1; tensors keep every digit.
            probabilities = [.. probabilities.Select(p => Math.Round(p, 4))];
        }

        return InferResponse.FromTensors(Tensor.Create("churn_probability", probabilities), Tensor.FromStrings("risk_tier", tiers));
    }
}
