using System.Text.Json.Nodes;

namespace Company.Namespace;

/// <summary>Customers in, scaled features to the predictor; probability of leaving and risk tier out.</summary>
internal sealed class ChurnModel(SidecarOptions options) : Model
{
    private Scaler? _scaler;

    public override IReadOnlyList<TensorMetadata> Inputs { get; } =
        [.. ChurnFeatures.Names.Select(name => new TensorMetadata(name, Datatype.FP32, -1))];

    public override IReadOnlyList<TensorMetadata> Outputs { get; } =
        [new("churn_probability", Datatype.FP64, -1), new("risk_tier", Datatype.BYTES, -1)];

    /// <summary>What the start page at / offers to send.</summary>
    public override JsonNode? Example { get; } = JsonNode.Parse(
        """{"instances":[{"age":34,"tenure_days":90,"monthly_spend":19.99,"support_tickets":6,"last_login_days":45}]}""");

    protected override async ValueTask LoadAsync(CancellationToken cancellation)
    {
        _scaler = await Scaler.LoadAsync(Path.Combine(options.ModelDir, "scaler.json"), cancellation);
        Ready = true;
    }

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
#if (typed)
        float[] rows = [.. request.ReadInstances(ChurnJson.Default.Customer).SelectMany(customer => customer.ToRow())];
#else
        float[] rows = Customers.Read(request.Inputs);
#endif
        _scaler!.Scale(rows);
        return InferRequest.FromRows(rows, ChurnFeatures.Names.Count);
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        double[] probabilities = Probabilities.Read(response.Outputs);
#if (typed)
        return InferResponse.FromPredictions(
            [.. probabilities.Select(p => new ChurnAnswer(p, Probabilities.Tier(p)))], ChurnJson.Default.ChurnAnswer);
#else
        return InferResponse.FromTensors(
            Tensor.Create("churn_probability", probabilities),
            Tensor.FromStrings("risk_tier", [.. probabilities.Select(Probabilities.Tier)]));
#endif
    }
}
