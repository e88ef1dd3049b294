using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>Reads explanations.</summary>
internal static class Answers
{
    /// <summary>The explanation without what differs from run to run: times.</summary>
    public static string Timeless(string json)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        if (answer["meta"]?["run"] is JsonObject run)
        {
            run.Remove("elapsed_seconds");
            run.Remove("model_seconds");
        }

        return answer.ToJsonString();
    }

    /// <summary>The method that answered.</summary>
    public static string? Name(this JsonElement answer) => answer.GetProperty("meta").GetProperty("name").GetString();

    public static string?[] Texts(this JsonElement list) => [.. list.EnumerateArray().Select(static e => e.GetString())];

    public static double[] Numbers(this JsonElement list) => [.. list.EnumerateArray().Select(static e => e.GetDouble())];
}
