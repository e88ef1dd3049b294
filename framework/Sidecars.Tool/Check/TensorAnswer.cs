using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>Whether an answer's tensors are what a sample asked for.</summary>
internal static class TensorAnswer
{
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Problem(JsonNode? answer, InferSample sample, string model, bool withId)
    {
        if (answer is not JsonObject root)
        {
            return "the body is to be a JSON object";
        }

        if (root["model_name"]?.ToString() != model)
        {
            return $"$.model_name is to be \"{model}\", not {root["model_name"]?.ToJsonString() ?? "missing"}";
        }

        if (withId && root["id"]?.ToString() != InferSample.Id)
        {
            return $"$.id is to be the request's \"{InferSample.Id}\", not {root["id"]?.ToJsonString() ?? "missing"}";
        }

        if (JsonTemplate.Problem("<tensors>", root["outputs"]) is not null || root["outputs"]!.AsArray().Count == 0)
        {
            return "$.outputs is to be a list of tensors with name, datatype and shape, not empty";
        }

        return root["outputs"]!.AsArray().Select(o => Output(o!.AsObject(), sample)).FirstOrDefault(p => p is not null);
    }

    private static string? Output(JsonObject output, InferSample sample)
    {
        string name = output["name"]!.ToString();
        long[] shape = [.. output["shape"]!.AsArray().Select(d => d!.GetValue<long>())];
        if (sample.Outputs.TryGetValue(name, out JsonObject? declared))
        {
            if (declared["datatype"]!.ToString() != output["datatype"]!.ToString())
            {
                return $"output '{name}' is declared {declared["datatype"]} and answered {output["datatype"]}";
            }

            long[] wanted = [.. declared["shape"]!.AsArray().Select(d => d!.GetValue<long>())];
            if (wanted.Length != shape.Length || wanted.Zip(shape).Any(d => d.First >= 0 && d.First != d.Second))
            {
                return $"output '{name}' is declared [{string.Join(", ", wanted)}] and answered [{string.Join(", ", shape)}]";
            }
        }
        else if (sample.Outputs.Count > 0)
        {
            return $"output '{name}' is not declared; declared are {string.Join(", ", sample.Outputs.Keys)}";
        }

        long count = shape.Aggregate(1L, (n, d) => n * d);
        int there = output["data"] is JsonArray data ? Count(data) : -1;
        return there == count ? null : $"output '{name}' of shape [{string.Join(", ", shape)}] has {(there < 0 ? "no data" : $"{there} values")}";
    }

    private static int Count(JsonArray array) => array.Sum(n => n?.GetValueKind() == JsonValueKind.Array ? Count(n.AsArray()) : 1);
}
