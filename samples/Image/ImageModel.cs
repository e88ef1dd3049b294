using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Sidecars;

namespace Image;

/// <summary>Encoded images in, a normalised tensor [N, 3, 224, 224] to the predictor, the five best labels out.</summary>
internal sealed class ImageModel(SidecarOptions options, IConfiguration configuration) : Model, IDisposable
{
    private const int Best = 5;

    private readonly int _maxImages = configuration.GetValue("Image:MaxImages", 64);
    private readonly bool _softmax = configuration.GetValue("Image:Softmax", true);
    private readonly Decoder _decoder = new(configuration.GetValue("Image:MaxPixels", 25_000_000L));

    // A decoded image may take 100 MB. As many at once as there are cores are as fast as more, and memory stays bounded.
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);
    private Labels _labels = Labels.None;

    public override IReadOnlyList<TensorMetadata> Inputs { get; } = [new("image", Datatype.BYTES, -1)];

    // The scores come first: the first output also says what the numbers of a V1 predictor are.
    public override IReadOnlyList<TensorMetadata> Outputs { get; } =
        [new("scores", Datatype.FP32, -1, Best), new("labels", Datatype.BYTES, -1, Best)];

    /// <summary>Eight by eight red pixels, as PNG.</summary>
    public override JsonNode? Example => JsonNode.Parse("""
        {"instances":[{"b64":"iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mO4YKCAFTEMLQkATmxIAYn6a5YAAAAASUVORK5CYII="}]}
        """);

    public void Dispose() => _decoding.Dispose();

    protected override async ValueTask LoadAsync(CancellationToken cancellation)
    {
        _labels = await Labels.LoadAsync(Path.Combine(options.ModelDir, "labels.txt"), cancellation);
        Ready = true;
    }

    protected override async ValueTask<InferRequest> PreprocessAsync(InferRequest request, InferenceContext context)
    {
        ReadOnlyMemory<byte>[] images = EncodedImages.Read(request.Inputs);
        if (images.Length > _maxImages)
        {
            throw InferenceException.InvalidInput($"{images.Length} images are more than the {_maxImages} allowed in one request");
        }

        float[] pixels = new float[images.Length * ImageTensor.Length];
        for (int i = 0; i < images.Length; i++)
        {
            await _decoding.WaitAsync(context.Cancellation);
            try
            {
                _decoder.Decode(images[i], i, pixels.AsSpan(i * ImageTensor.Length, ImageTensor.Length));
            }
            finally
            {
                _decoding.Release();
            }
        }

        return InferRequest.FromTensors(Tensor.Create("", pixels, images.Length, 3, ImageTensor.Side, ImageTensor.Side));
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        (float[] scores, string[] labels, int best) = _labels.PickBest(response.Outputs, Best, _softmax);
        if (context.Protocol == InferenceProtocol.V1)
        {
            // People read V1; tensors keep every digit.
            scores = [.. scores.Select(static s => MathF.Round(s, 4))];
        }

        long rows = best == 0 ? 0 : scores.Length / best;
        return InferResponse.FromTensors(Tensor.Create("scores", scores, rows, best), Tensor.FromStrings("labels", labels, rows, best));
    }
}
