using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>
/// Requests made from what a model declares of its inputs: one row of zeros, or the user's own request; whole, or with one
/// thing wrong.
/// </summary>
internal sealed class InferSample(JsonObject request, bool isDeclared)
{
    public const string Id = "check-42";

    /// <summary>The most zeros that are made; a larger row is the user's to give.</summary>
    private const long MostZeros = 1_000_000;

    /// <summary>The declared outputs, by name; empty when the model declares none.</summary>
    public IReadOnlyDictionary<string, JsonObject> Outputs { get; private init; } = new Dictionary<string, JsonObject>();

    /// <summary>A sample for a model; null when it declares no inputs, or some that JSON has no form for, or too large ones.</summary>
    /// <param name="metadata">The model's metadata; null for none.</param>
    /// <param name="own">The user's V2 request; null for none.</param>
    public static InferSample? Create(JsonNode? metadata, JsonObject? own)
    {
        Dictionary<string, JsonObject> outputs = Tensors(metadata?["outputs"]).DistinctBy(t => t["name"]!.ToString())
            .ToDictionary(t => t["name"]!.ToString(), t => t);
        if (own is not null)
        {
            return new InferSample(own.DeepClone().AsObject(), isDeclared: false) { Outputs = outputs };
        }

        JsonObject[] inputs = [.. Tensors(metadata?["inputs"])];
        if (inputs.Length == 0 || inputs.Any(i => ElementSize(i["datatype"]!.ToString()) is null)
            || inputs.Sum(i => Row(i).Aggregate(1.0, (n, d) => n * d)) > MostZeros)
        {
            return null;
        }

        return new InferSample(new JsonObject { ["inputs"] = new JsonArray([.. inputs.Select(Zeros)]) }, isDeclared: true) { Outputs = outputs };
    }

    /// <summary>The body of a name such as <c>infer:no-id</c>, and the headers it needs.</summary>
    public (byte[] Body, IReadOnlyDictionary<string, string> Headers) Make(string name)
    {
        JsonObject body = request.DeepClone().AsObject();
        body["id"] = Id;
        JsonObject first = body["inputs"]![0]!.AsObject();
        switch (name)
        {
            case "infer":
                break;
            case "infer:no-id":
                body.Remove("id");
                break;
            case "infer:wrong-shape":
                // One element more than there is data for.
                long count = first["shape"]!.AsArray().Aggregate(1L, (n, d) => n * d!.GetValue<long>());
                first["shape"] = new JsonArray(count + 1);
                break;
            case "infer:bad-datatype":
                first["datatype"] = "XYZ";
                break;
            case "infer:no-data":
                first.Remove("data");
                break;
            case "infer:binary":
                return Binary(body);
            default:
                throw new InvalidOperationException($"There is no sample '{name}'.");
        }

        return (Encoding.UTF8.GetBytes(body.ToJsonString()), new Dictionary<string, string>());
    }

    /// <summary>Whether it is zeros. Those can go as bytes; the tensors of a user's own request stay as they are.</summary>
    public bool IsZeros => isDeclared;

    private static (byte[] Body, IReadOnlyDictionary<string, string> Headers) Binary(JsonObject body)
    {
        var raw = new MemoryStream();
        foreach (JsonObject input in body["inputs"]!.AsArray().Select(i => i!.AsObject()))
        {
            long count = input["shape"]!.AsArray().Aggregate(1L, (n, d) => n * d!.GetValue<long>());
            long bytes = count * ElementSize(input["datatype"]!.ToString())!.Value;
            input.Remove("data");
            input["parameters"] = new JsonObject { ["binary_data_size"] = bytes };
            raw.Write(new byte[bytes]);
        }

        byte[] json = Encoding.UTF8.GetBytes(body.ToJsonString());
        return ([.. json, .. raw.ToArray()], new Dictionary<string, string>
        {
            ["Content-Type"] = "application/octet-stream",
            ["Inference-Header-Content-Length"] = json.Length.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static JsonObject Zeros(JsonObject declared)
    {
        long[] shape = Row(declared);
        string datatype = declared["datatype"]!.ToString();
        long count = shape.Aggregate(1L, (n, d) => n * d);
        return new JsonObject
        {
            ["name"] = declared["name"]!.ToString(),
            ["shape"] = new JsonArray([.. shape.Select(d => (JsonNode)d)]),
            ["datatype"] = datatype,
            ["data"] = new JsonArray([.. Enumerable.Range(0, (int)count).Select(_ => datatype switch
            {
                "BYTES" => (JsonNode)"",
                "BOOL" => false,
                _ => 0,
            })]),
        };
    }

    /// <summary>The shape of one row: a dimension that may have any length is 1 long.</summary>
    private static long[] Row(JsonObject declared) =>
        [.. declared["shape"]!.AsArray().Select(d => d!.GetValue<long>() < 0 ? 1 : d.GetValue<long>())];

    /// <summary>Bytes per element, of a text with no characters too; null for a datatype that JSON has no form for, or nobody knows.</summary>
    private static int? ElementSize(string datatype) => datatype switch
    {
        "BOOL" or "INT8" or "UINT8" => 1,
        "INT16" or "UINT16" => 2,
        "INT32" or "UINT32" or "FP32" => 4,
        "INT64" or "UINT64" or "FP64" => 8,
        "BYTES" => 4,
        _ => null,
    };

    private static IEnumerable<JsonObject> Tensors(JsonNode? list) =>
        JsonTemplate.Problem("<tensors>", list) is null ? list!.AsArray().Select(t => t!.AsObject()) : [];
}
