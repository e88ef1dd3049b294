using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars;

namespace ConformanceServer;

/// <summary>Answers what it was asked: V1 instances as predictions, V2 inputs as outputs.</summary>
internal sealed class Echo : Model
{
    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        if (context.Protocol != InferenceProtocol.V1)
        {
            return new(InferResponse.FromTensors(request.Inputs));
        }

        if (request.IsOpaque)
        {
            return new(InferResponse.FromBytes(request.Body, request.ContentType));
        }

        JsonElement payload = request.Json;
        bool hasInstances = payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("instances", out _);
        return new(InferResponse.FromJson(hasInstances ? Wrap("predictions", request.Instances) : Wrap("predictions", payload)));
    }

    protected override InferResponse Explain(InferRequest request, InferenceContext context) =>
        InferResponse.FromJson(Wrap("explained", request.Json));

    private static JsonObject Wrap(string key, JsonElement value) => new() { [key] = JsonNode.Parse(value.GetRawText()) };
}

/// <summary>Registered and never ready.</summary>
internal sealed class NotReady : Model
{
    protected override ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}

/// <summary>Declares an input and an output.</summary>
internal sealed class Declaring : Model
{
    public override IReadOnlyList<TensorMetadata> Inputs => [new("in0", Datatype.FP32, -1, 4)];

    public override IReadOnlyList<TensorMetadata> Outputs => [new("out0", Datatype.INT64, -1)];
}

/// <summary>Overrides nothing.</summary>
internal sealed class Proxy : Model;

/// <summary>Sets a response header.</summary>
internal sealed class ResponseHeaders : Model
{
    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        context.ResponseHeaders["x-my"] = "1";
        return new(context.Protocol == InferenceProtocol.V1
            ? InferResponse.FromPredictions(new JsonArray(1))
            : InferResponse.FromTensors(request.Inputs));
    }
}

/// <summary>Answers after three seconds.</summary>
internal sealed class Slow(TimeProvider time) : Model
{
    protected override async ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), time, context.Cancellation);
        return context.Protocol == InferenceProtocol.V1
            ? InferResponse.FromPredictions(new JsonArray(1))
            : InferResponse.FromTensors(request.Inputs);
    }
}

/// <summary>Raises in Preprocess.</summary>
internal sealed class Raising(Func<Exception> make) : Model
{
    public static IEnumerable<(string Name, Func<Exception> Make)> Errors =>
    [
        ("invalid-input", () => InferenceException.InvalidInput("bad thing")),
        ("inference-error", () => InferenceException.InferenceError("boom")),
        ("model-not-found", () => InferenceException.ModelNotFound("zz")),
        ("model-not-ready", () => InferenceException.ModelNotReady("zz", "det")),
        ("not-implemented", () => InferenceException.NotImplemented("nope")),
        ("unsupported-protocol", () => InferenceException.UnsupportedProtocol("v9")),
        ("server-not-ready", () => InferenceException.ServerNotReady()),
        ("other-error", () => new InvalidOperationException("v")),
    ];

    protected override InferRequest Preprocess(InferRequest request, InferenceContext context) => throw make();
}

/// <summary>Answers a value that is not the usual object.</summary>
internal sealed class Answering(Func<InferResponse> make) : Model
{
    public static IEnumerable<(string Name, Func<InferResponse> Make)> Values =>
    [
        ("bytes", () => InferResponse.FromBytes(new byte[] { 0, 1, 0x68, 0x69 })),
        ("str", () => InferResponse.FromText("hello")),
        ("list", () => InferResponse.FromJson(new JsonArray(1, 2))),
        ("none", () => InferResponse.FromJson((JsonNode?)null)),
        ("stream", () => InferResponse.FromStream(Chunks())),
    ];

    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) => new(make());

    private static async IAsyncEnumerable<string> Chunks()
    {
        foreach (string chunk in (string[])["c0;", "c1;", "c2;"])
        {
            await Task.Yield();
            yield return chunk;
        }
    }
}
