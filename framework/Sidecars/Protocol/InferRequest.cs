using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sidecars.Protocol;

namespace Sidecars;

/// <summary>
/// A request of any protocol: V1 JSON, V2 JSON, V2 with binary tensors, or gRPC. <see cref="Instances"/> shows it as
/// V1 rows, <see cref="Inputs"/> as tensors, <see cref="InferMessage.Body"/> as the bytes that came. A request that no
/// hook looks at is never parsed, and goes to the predictor as those bytes when the predictor speaks the same protocol.
/// </summary>
public sealed class InferRequest : InferMessage
{
    private bool _validateInstances;

    internal InferRequest(WireForm form, ReadOnlyMemory<byte> body, string? contentType, int jsonLength = -1)
        : base(form, body, contentType, jsonLength)
    {
    }

    private InferRequest(IReadOnlyList<Tensor> tensors, InferHead head)
        : base(tensors, head)
    {
    }

    /// <summary>
    /// The request as tensors. V1 instances become tensors by the rules of docs/conversions.md: numbers are FP32 unless
    /// the model declares otherwise (<see cref="Model.Inputs"/>).
    /// </summary>
    /// <exception cref="InferenceException">The request is malformed, or its instances have no tensor form.</exception>
    public IReadOnlyList<Tensor> Inputs => Tensors;

    /// <summary>The request's rows as JSON: the V1 <c>instances</c> list, or what the tensors convert to.</summary>
    /// <exception cref="InferenceException">There is no <c>instances</c> list, or the request is malformed.</exception>
    public JsonElement Instances
    {
        get
        {
            JsonElement root = Json;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("instances"u8, out JsonElement instances))
            {
                throw InferenceException.InvalidInput("Expected a JSON object with the key \"instances\"");
            }

            return instances.ValueKind == JsonValueKind.Array ? instances : throw V1Json.NotAList("instances");
        }
    }

    /// <summary>The request this one was made for: the caller's, whose id and encoding it takes when it has none.</summary>
    internal InferRequest? IdFrom { get; set; }

    /// <summary>Whether the predictor got the very bytes the caller sent, and with them the caller's wishes.</summary>
    internal bool SentVerbatim { get; set; }

    /// <summary>The outputs a V2 or gRPC caller asked for, in its order; null when it asked for all.</summary>
    public IReadOnlyList<RequestedOutput>? RequestedOutputs => Head.RequestedOutputs;

    /// <summary>
    /// Whether a V2 predictor gets this request's tensors as bytes after the JSON, and is asked for such (the binary tensor
    /// data extension, which not every server knows). Default: false, JSON, unless the caller itself sent bytes. Of no
    /// effect on other protocols, and on a request that goes on as it came.
    /// </summary>
    public bool BinaryTensors { get; set; }

    /// <summary>The rows as values of the user's own type, through its source-generated JSON contract.</summary>
    /// <exception cref="InferenceException">A row does not fit the type; the message names the row and the member.</exception>
    public IReadOnlyList<T> ReadInstances<T>(JsonTypeInfo<T> typeInfo) =>
        V1Json.ReadRows(Instances, "instance", element => element.Deserialize(typeInfo));

    /// <summary>The rows as values of the user's own type, by reflection: not for trimmed or native applications.</summary>
    /// <exception cref="InferenceException">A row does not fit the type; the message names the row and the member.</exception>
    [RequiresUnreferencedCode("Pass the type's JsonTypeInfo instead.")]
    [RequiresDynamicCode("Pass the type's JsonTypeInfo instead.")]
    public IReadOnlyList<T> ReadInstances<T>() =>
        V1Json.ReadRows(Instances, "instance", static element => element.Deserialize<T>(JsonSerializerOptions.Web));

    /// <summary>The input of that name.</summary>
    /// <exception cref="InferenceException">There is none; the message lists those there are.</exception>
    public Tensor Input(string name) => TensorLookup.Find(Inputs, name, "input");

    /// <summary>
    /// The request as the tensors a model takes; what a predictor of one's own reads. V1 rows get the names and
    /// datatypes that the model declares, and so do numbers that a hook made of a V1 request, whose JSON had no datatype
    /// of its own to begin with. Tensors without a name get the declared ones, in order. V2 and gRPC tensors come as
    /// they were sent: whether they fit is for the caller of this method to check.
    /// </summary>
    /// <param name="declared">The model's inputs.</param>
    /// <exception cref="InferenceException">The request is malformed, or a V1 number does not fit the datatype.</exception>
    public IReadOnlyList<Tensor> InputsFor(IReadOnlyList<TensorMetadata> declared)
    {
        IReadOnlyList<Tensor> inputs = RequestEncoder.Named(TensorsAs(declared), declared);
        return (IdFrom ?? this).Form == WireForm.V1 ? DeclaredNumbers.Convert(inputs, declared) : inputs;
    }

    /// <summary>Makes a request of tensors. Its id is the caller's, or a new one.</summary>
    public static InferRequest FromTensors(params IReadOnlyList<Tensor> inputs) => new(inputs, InferHead.Empty);

    /// <summary>Makes a request of tensors that answers another one: with its id, parameters and requested outputs.</summary>
    public static InferRequest FromTensors(InferRequest original, params IReadOnlyList<Tensor> inputs) =>
        new(inputs, original.Head with { ModelName = null });

    /// <summary>
    /// Makes a request of rows of numbers, all of one length: one tensor [rows, columns], named by the predictor's
    /// metadata.
    /// </summary>
    /// <param name="values">The values, row after row.</param>
    /// <param name="columns">How many values make a row.</param>
    /// <exception cref="ArgumentException">The number of values is no multiple of <paramref name="columns"/>.</exception>
    public static InferRequest FromRows<T>(T[] values, int columns) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        return values.Length % columns == 0
            ? FromTensors(Tensor.Create("", values, values.Length / columns, columns))
            : throw new ArgumentException($"{values.Length} values do not make rows of {columns}.", nameof(values));
    }

    /// <summary>Makes a request of rows of numbers: one tensor [rows, columns], named by the predictor's metadata.</summary>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static InferRequest FromRows<T>(IReadOnlyList<T[]> rows) where T : unmanaged =>
        FromTensors(Tensor.FromRows("", rows));

    /// <summary>Makes a V1 request <c>{"instances": […]}</c> of the user's own values.</summary>
    public static InferRequest FromInstances<T>(IReadOnlyList<T> rows, JsonTypeInfo<T> typeInfo) =>
        V1Json.Build("instances"u8, rows, typeInfo, FromBuffer);

    /// <summary>Makes a V1 request <c>{"instances": […]}</c> of JSON values.</summary>
    public static InferRequest FromInstances(JsonArray rows) => FromJson(new JsonObject { ["instances"] = rows });

    /// <summary>Makes a V1 request of any JSON value.</summary>
    public static InferRequest FromJson(JsonNode? root) => V1Json.Build(root, FromBuffer);

    /// <summary>Makes a request of bytes that goes to a V1 predictor as it is.</summary>
    public static InferRequest FromBody(ReadOnlyMemory<byte> body, string contentType = "application/json") =>
        new(MediaTypes.IsJson(contentType) ? WireForm.V1 : WireForm.Opaque, body, contentType);

    /// <summary>
    /// KServe checks what Preprocess returned: <c>instances</c> must be a list. A payload nobody has read as a document
    /// is checked when somebody does; reading it as tensors has checked it already.
    /// </summary>
    internal void ValidateInstances()
    {
        if (Form == WireForm.V1 && !_validateInstances)
        {
            _validateInstances = true;
            if (HasDocument)
            {
                OnDocument(Json);
            }
        }
    }

    private protected override void OnDocument(JsonElement root)
    {
        if (_validateInstances && Form == WireForm.V1 && root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("instances"u8, out JsonElement instances) && instances.ValueKind != JsonValueKind.Array)
        {
            throw V1Json.NotAList("instances");
        }
    }

    private protected override IReadOnlyList<Tensor> ConvertFromV1(IReadOnlyList<TensorMetadata>? declared) =>
        V1Json.ReadInputs(this, declared);

    private protected override (InferHead Head, IReadOnlyList<Tensor> Tensors) Read() =>
        Form == WireForm.Grpc ? GrpcCodec.ReadRequest(this) : V2Json.ReadRequest(this);

    private protected override void WriteV1(PooledBuffer to) => V1Json.WriteInstances(to, Tensors);

    private protected override T Guard<T>(Func<InferMessage, T> read) => read(this);

    private static InferRequest FromBuffer(PooledBuffer buffer)
    {
        var request = new InferRequest(WireForm.V1, buffer.WrittenMemory, MediaTypes.Json);
        request.Own(buffer);
        return request;
    }
}
