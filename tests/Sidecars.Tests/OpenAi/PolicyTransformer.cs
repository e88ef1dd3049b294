// <doc>
using System.Text.Json.Nodes;
using Sidecars;

internal sealed class PolicyTransformer : OpenAIProxyModel
{
    protected override JsonObject PreprocessChatCompletionRequest(JsonObject request, InferenceContext context)
    {
        if (request["messages"]!.AsArray().Count > 50)
        {
            throw InferenceException.InvalidInput("This conversation is too long.");
        }

        request["messages"]!.AsArray().Insert(0, new JsonObject { ["role"] = "system", ["content"] = "Answer briefly." });
        request["max_tokens"] ??= 256;
        context.UpstreamHeaders["x-tenant"] = "research";
        return request;
    }

    protected override JsonObject PostprocessChatCompletion(JsonObject completion, InferenceContext context)
    {
        Mask(completion, "message");
        return completion;
    }

    protected override JsonObject? PostprocessChatCompletionChunk(JsonObject chunk, InferenceContext context)
    {
        Mask(chunk, "delta");
        return chunk;
    }

    private static void Mask(JsonObject answer, string part)
    {
        foreach (JsonNode? choice in answer["choices"] as JsonArray ?? [])
        {
            if (choice?[part] is JsonObject message && (string?)message["content"] is { } text)
            {
                message["content"] = text.Replace("Voldemort", "You-know-who", StringComparison.Ordinal);
            }
        }
    }
}
// </doc>
