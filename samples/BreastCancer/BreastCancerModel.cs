using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars;

namespace BreastCancer;

/// <summary>Thirty named measurements of a tumour's cell nuclei in; label, probability and risk tier out.</summary>
internal sealed class BreastCancerModel(SidecarOptions options) : Model
{
    private FeatureTable _features = new([]);

    public override IReadOnlyList<TensorMetadata> Inputs => [new("measurements", Datatype.FP32, -1, 30)];

    public override IReadOnlyList<TensorMetadata> Outputs =>
    [
        new("label", Datatype.BYTES, -1),
        new("probability", Datatype.FP32, -1),
        new("risk_tier", Datatype.BYTES, -1),
    ];

    public override JsonNode Example => new JsonObject { ["instances"] = new JsonArray(_features.Example()) };

    protected override async ValueTask LoadAsync(CancellationToken cancellation)
    {
        await using FileStream file = File.OpenRead(Path.Combine(options.ModelDir, "measurements.json"));
        _features = new FeatureTable(
            await JsonSerializer.DeserializeAsync(file, JsonContext.Default.Measurements, cancellation) ?? []);
        Ready = true;
    }

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context) =>
        InferRequest.FromRows(
            context.Protocol == InferenceProtocol.V1
                ? _features.FromPatients(request.ReadInstances(JsonContext.Default.Patient))
                : _features.FromTensors(request.Inputs),
            _features.Columns);

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        // The model's classes: 0 is malignant, 1 is benign.
        long[] classes = response.Output("label").ToArray<long>();
        float[] probabilities = response.Output("probabilities").ToArray<float>();
        float[] malignant = [.. classes.Select((_, row) => probabilities[row * 2])];
        return InferResponse.FromTensors(
            Tensor.FromStrings("label", [.. classes.Select(c => c == 0 ? "malignant" : "benign")]),
            Tensor.Create("probability", malignant),
            Tensor.FromStrings("risk_tier", [.. malignant.Select(RiskTier)]));
    }

    private static string RiskTier(float probability) => probability switch
    {
        > 0.7f => "HIGH",
        > 0.3f => "MEDIUM",
        _ => "LOW",
    };
}
