using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sidecars.Protocol;

namespace Sidecars;

/// <summary>
/// An answer for any protocol. <see cref="Predictions"/> shows it as V1 JSON, <see cref="Outputs"/> as tensors,
/// <see cref="InferMessage.Body"/> as the bytes the predictor sent. The host encodes it for the caller's protocol; an
/// answer that no hook looks at goes out as the bytes it came in when both sides speak the same one.
/// </summary>
public sealed class InferResponse : InferMessage
{
    internal InferResponse(WireForm form, ReadOnlyMemory<byte> body, string? contentType, int jsonLength = -1)
        : base(form, body, contentType, jsonLength)
    {
    }

    private InferResponse(IReadOnlyList<Tensor> tensors, InferHead head)
        : base(tensors, head)
    {
    }

    /// <summary>The answer as tensors. V1 predictions become tensors by the rules of docs/conversions.md.</summary>
    /// <exception cref="InferenceException">The predictor's answer cannot be read, or has no tensor form.</exception>
    public IReadOnlyList<Tensor> Outputs => Tensors;

    /// <summary>The V1 <c>predictions</c>, or what the tensors convert to.</summary>
    /// <exception cref="InferenceException">The answer has no <c>predictions</c>, or cannot be read.</exception>
    public JsonElement Predictions => Json is { ValueKind: JsonValueKind.Object } root
        && root.TryGetProperty("predictions"u8, out JsonElement predictions)
            ? predictions
            : throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer has no \"predictions\".");

    /// <summary>
    /// The predictor's response headers, or gRPC metadata; empty for an answer made here. They reach the caller only
    /// when a hook copies them to <see cref="InferenceContext.ResponseHeaders"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; internal set; } = EmptyHeaders;

    internal static IReadOnlyDictionary<string, string> EmptyHeaders { get; } = new Dictionary<string, string>();

    /// <summary>Chunks to be sent one by one, when the answer is a stream.</summary>
    internal IAsyncEnumerable<ReadOnlyMemory<byte>>? Stream { get; private init; }

    /// <summary>Whether a hook gave this as text rather than bytes, which events tell apart.</summary>
    internal bool IsText { get; private init; }

    /// <summary>Whether a predictor sent this, and is to blame when it cannot be read.</summary>
    internal bool FromPredictor { get; init; }

    /// <summary>The predictions as values of the user's own type, through its source-generated JSON contract.</summary>
    /// <exception cref="InferenceException">A prediction does not fit the type, or there is no list of them.</exception>
    public IReadOnlyList<T> ReadPredictions<T>(JsonTypeInfo<T> typeInfo) =>
        Guard(_ => V1Json.ReadRows(Predictions, "prediction", element => element.Deserialize(typeInfo)));

    /// <summary>The predictions as values of the user's own type, by reflection: not for native applications.</summary>
    [RequiresUnreferencedCode("Pass the type's JsonTypeInfo instead.")]
    [RequiresDynamicCode("Pass the type's JsonTypeInfo instead.")]
    public IReadOnlyList<T> ReadPredictions<T>() =>
        Guard(_ => V1Json.ReadRows(Predictions, "prediction", static e => e.Deserialize<T>(JsonSerializerOptions.Web)));

    /// <summary>The output of that name.</summary>
    /// <exception cref="InferenceException">There is none; the message lists those there are.</exception>
    public Tensor Output(string name) => Guard(_ => TensorLookup.Find(Outputs, name, "output"));

    /// <summary>Makes an answer of tensors.</summary>
    public static InferResponse FromTensors(params IReadOnlyList<Tensor> outputs) => new(outputs, InferHead.Empty);

    /// <summary>Makes an answer of tensors with response-level parameters.</summary>
    public static InferResponse FromTensors(
        IReadOnlyList<Tensor> outputs, IReadOnlyDictionary<string, object> parameters) =>
        new(outputs, InferHead.Empty with { Parameters = parameters });

    /// <summary>Makes a V1 answer <c>{"predictions": […]}</c> of the user's own values.</summary>
    public static InferResponse FromPredictions<T>(IReadOnlyList<T> predictions, JsonTypeInfo<T> typeInfo) =>
        V1Json.Build("predictions"u8, predictions, typeInfo, FromBuffer);

    /// <summary>Makes a V1 answer <c>{"predictions": …}</c> of a JSON value.</summary>
    public static InferResponse FromPredictions(JsonNode predictions) =>
        FromJson(new JsonObject { ["predictions"] = predictions });

    /// <summary>Makes an answer of any JSON value; null answers <c>null</c>.</summary>
    public static InferResponse FromJson(JsonNode? root) => V1Json.Build(root, FromBuffer);

    /// <summary>Makes an answer of any JSON value.</summary>
    public static InferResponse FromJson(JsonElement root) => V1Json.Build(root, FromBuffer);

    /// <summary>Makes an answer of a value of the user's own type.</summary>
    public static InferResponse FromJson<T>(T value, JsonTypeInfo<T> typeInfo) =>
        V1Json.Build(value, typeInfo, FromBuffer);

    /// <summary>Makes an answer of bytes, sent as they are; without a content type unless one is given.</summary>
    public static InferResponse FromBytes(ReadOnlyMemory<byte> body, string? contentType = null) =>
        new(MediaTypes.IsJson(contentType) ? WireForm.V1 : WireForm.Opaque, body, contentType);

    /// <summary>Makes an answer of text, sent as UTF-8; without a content type unless one is given.</summary>
    public static InferResponse FromText(string text, string? contentType = null) =>
        new(MediaTypes.IsJson(contentType) ? WireForm.V1 : WireForm.Opaque, Encoding.UTF8.GetBytes(text), contentType) { IsText = true };

    /// <summary>Makes an answer of chunks, each sent as soon as it is there.</summary>
    public static InferResponse FromStream(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, string? contentType = null) =>
        new(WireForm.Opaque, default, contentType) { Stream = chunks };

    /// <summary>Makes an answer of text chunks, each sent as soon as it is there.</summary>
    public static InferResponse FromStream(IAsyncEnumerable<string> chunks, string? contentType = null) =>
        FromStream(Encode(chunks), contentType);

    private protected override IReadOnlyList<Tensor> ConvertFromV1(IReadOnlyList<TensorMetadata>? declared) =>
        V1Json.ReadOutputs(this, declared);

    private protected override (InferHead Head, IReadOnlyList<Tensor> Tensors) Read() =>
        Form == WireForm.Grpc ? GrpcCodec.ReadResponse(this) : V2Json.ReadResponse(this);

    private protected override void WriteV1(PooledBuffer to) => V1Json.WritePredictions(to, Tensors);

    private protected override T Guard<T>(Func<InferMessage, T> read)
    {
        try
        {
            return read(this);
        }
        catch (InferenceException e) when (FromPredictor && e.Kind == ErrorKind.InvalidInput)
        {
            throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer cannot be used: " + e.Message, e);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Encode(
        IAsyncEnumerable<string> chunks, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (string chunk in chunks.WithCancellation(cancellation).ConfigureAwait(false))
        {
            yield return Encoding.UTF8.GetBytes(chunk);
        }
    }

    private static InferResponse FromBuffer(PooledBuffer buffer)
    {
        var response = new InferResponse(WireForm.V1, buffer.WrittenMemory, MediaTypes.Json);
        response.Own(buffer);
        return response;
    }
}
