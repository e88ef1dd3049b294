using System.Text.Json.Nodes;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>A request that a model can be tried with, in both protocols of REST.</summary>
/// <param name="V1">The V1 body.</param>
/// <param name="V2">The same in V2; null when its values have no form there.</param>
/// <param name="IsMadeUp">Whether the model gave none, and this is only of the right shape.</param>
internal sealed record ExampleRequest(JsonNode V1, JsonNode? V2, bool IsMadeUp)
{
    /// <summary>The largest row that is made up; a larger one nobody would read or change.</summary>
    private const long MostValues = 1000;

    /// <summary>The model's own example, or its explainer's, or one made of the declared inputs.</summary>
    public static ExampleRequest Of(RegisteredModel registered, ModelMetadata metadata)
    {
        JsonNode? given = registered.Model.Example ?? registered.Explainer?.Example;
        JsonNode v1 = given ?? new JsonObject { ["instances"] = new JsonArray(MakeRow(metadata.Inputs)) };
        return new ExampleRequest(v1, Convert(v1, metadata.Inputs), given is null);
    }

    /// <summary>A V2 request by the rules that V1 requests become tensors by.</summary>
    private static JsonObject? Convert(JsonNode v1, IReadOnlyList<TensorMetadata> declared)
    {
        try
        {
            using InferRequest request = InferRequest.FromJson(v1);
            using WirePayload payload = V2Json.WriteRequest(
                InferHead.Empty, RequestEncoder.Named(request.TensorsAs(declared), declared), "example", binary: false);
            JsonObject? json = payload.JsonLength < 0 && payload.Segments is [var body] ? JsonNode.Parse(body.Span)!.AsObject() : null;
            json?.Remove("id");
            return json;
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    private static JsonNode? MakeRow(IReadOnlyList<TensorMetadata> inputs)
    {
        switch (inputs)
        {
            case []:
                return new JsonArray(0);
            case [var only]:
                return MakeValue(only);
            default:
                var row = new JsonObject();
                foreach (TensorMetadata input in inputs)
                {
                    row[input.Name] = MakeValue(input);
                }

                return row;
        }
    }

    /// <summary>One row's value: the first dimension is that of the rows, and one that is open is 1 long.</summary>
    private static JsonNode MakeValue(TensorMetadata input)
    {
        long[] shape = [.. input.Shape.Skip(1).Select(static d => Math.Max(d, 1))];
        return shape.Aggregate(1.0, static (all, d) => all * d) > MostValues ? new JsonArray() : Fill(shape, input.Datatype);
    }

    private static JsonNode Fill(ReadOnlySpan<long> shape, Datatype datatype)
    {
        if (shape.IsEmpty)
        {
            return datatype switch { Datatype.BYTES => "text", Datatype.BOOL => false, _ => 0 };
        }

        var list = new JsonArray();
        for (long i = 0; i < shape[0]; i++)
        {
            list.Add(Fill(shape[1..], datatype));
        }

        return list;
    }
}
