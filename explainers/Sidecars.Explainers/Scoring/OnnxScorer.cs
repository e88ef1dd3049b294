using Sidecars.Onnx;

namespace Sidecars.Explainers;

/// <summary>Scores with an ONNX model in this process.</summary>
public sealed class OnnxScorer : IScorer
{
    private readonly OnnxModel _model;
    private readonly string[] _output;
    private readonly ScoreKind _kind;

    /// <summary>Takes a model; it stays the caller's to release.</summary>
    /// <param name="model">A model of one float32 input [n, features].</param>
    /// <param name="features">How many features a row has.</param>
    public OnnxScorer(OnnxModel model, int features)
    {
        _model = model;
        Features = features;
        bool hasLabel = model.Outputs.Any(static o => o.Datatype == Datatype.INT64);
        TensorMetadata? scores = model.Outputs.FirstOrDefault(static o => o.Datatype == Datatype.FP32);
        _output = [(scores ?? model.Outputs[0]).Name];
        _kind = scores is null ? ScoreKind.Label : hasLabel ? ScoreKind.Probability : ScoreKind.Value;
    }

    /// <inheritdoc/>
    public int Features { get; }

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        Tensor input = Tensor.Create(_model.Inputs[0].Name, rows.ToArray(), count, Features);
        Tensor output = _model.Run([input], _output, cancellation)[0];
        double[] values = _kind == ScoreKind.Label
            ? Array.ConvertAll(output.ToArray<long>(), static v => (double)v)
            : Array.ConvertAll(output.ToArray<float>(), static v => (double)v);
        return new(new Scores(values, values.Length / count, _kind));
    }
}
