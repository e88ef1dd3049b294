using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>Finds out which model a server has and what it takes.</summary>
internal static class Discovery
{
    public static async Task<CheckTarget> FindAsync(
        HttpClient http, Uri address, string? grpcAddress, InferenceClient? grpc, string? model, IReadOnlyList<string> own,
        CancellationToken cancellation)
    {
        JsonObject[] bodies = [.. own.Select(Parse)];
        JsonObject? v1 = Only(bodies, "instances"), v2 = Only(bodies, "inputs");
        model ??= await FirstAsync(http, address, "/v1/models", cancellation).ConfigureAwait(false)
            ?? await FirstAsync(http, address, "/v2/models", cancellation).ConfigureAwait(false);
        JsonNode? metadata = model is null
            ? null
            : await GetAsync(http, address, "/v2/models/" + Uri.EscapeDataString(model), cancellation).ConfigureAwait(false)
                ?? await DescribeAsync(grpc, model, cancellation).ConfigureAwait(false);
        return new CheckTarget(
            address,
            grpcAddress,
            model,
            InferSample.Create(metadata, v2),
            v1?.ToJsonString());
    }

    private static JsonObject? Only(JsonObject[] bodies, string key) =>
        bodies.Where(b => b[key] is not null).ToArray() is var found && found.Length <= 1
            ? found.FirstOrDefault()
            : throw new ToolException($"--body was given {found.Length} requests with \"{key}\"; one is enough.");

    private static JsonObject Parse(string own)
    {
        try
        {
            if (JsonNode.Parse(own) is not JsonObject body || (body["instances"] is null && body["inputs"] is not JsonArray { Count: > 0 }))
            {
                throw new ToolException("--body is {\"instances\": …} or {\"inputs\": […]}.");
            }

            return body["inputs"] is not { } inputs || JsonTemplate.Problem("<tensors>", inputs) is null
                ? body
                : throw new ToolException("--body: each of \"inputs\" has name, datatype, and shape as a list of whole numbers.");
        }
        catch (JsonException e)
        {
            throw new ToolException($"--body is not JSON: {e.Message}");
        }
    }

    /// <summary>The first model of a list; null when there is none. Some servers list names, some objects.</summary>
    private static async Task<string?> FirstAsync(HttpClient http, Uri address, string path, CancellationToken cancellation)
    {
        JsonNode? list = await GetAsync(http, address, path, cancellation).ConfigureAwait(false);
        JsonNode? first = list is JsonObject root && root["models"] is JsonArray { Count: > 0 } models ? models[0] : null;
        return first is JsonObject named ? named["name"]?.ToString() : first?.ToString();
    }

    private static async Task<JsonNode?> GetAsync(HttpClient http, Uri address, string path, CancellationToken cancellation)
    {
        try
        {
            var uri = new Uri(address.AbsoluteUri.TrimEnd('/') + path);
            using HttpResponseMessage answer = await http.GetAsync(uri, cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false))
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<JsonNode?> DescribeAsync(InferenceClient? grpc, string model, CancellationToken cancellation)
    {
        try
        {
            return grpc is null ? null : CaseRunner.Describe((await grpc.GetModelMetadataAsync(model, cancellation).ConfigureAwait(false))!);
        }
        catch (InferenceException)
        {
            return null;
        }
    }
}
