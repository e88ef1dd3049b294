using System.Text.Json.Nodes;

namespace Sidecars.Serving;

/// <summary>The shapes of bodies in <c>/openapi.json</c>, under KServe's names.</summary>
internal static class OpenApiSchemas
{
    /// <summary>All of them, by name.</summary>
    /// <param name="openAi">Whether there are OpenAI routes.</param>
    public static JsonObject All(bool openAi)
    {
        JsonObject Tensor() => Object(
            ["name", "shape", "datatype"],
            ("name", Type("string")),
            ("shape", List(Type("integer"))),
            ("datatype", Type("string")),
            ("parameters", Type("object")),
            ("data", List(new JsonObject())));
        var all = new JsonObject
        {
            ["V1Request"] = Object(["instances"], ("instances", List(new JsonObject()))),
            ["InferenceRequest"] = Object(
                ["inputs"],
                ("id", Type("string")),
                ("parameters", Type("object")),
                ("inputs", List(Ref("RequestInput"))),
                ("outputs", List(Ref("RequestOutput")))),
            ["RequestInput"] = Tensor(),
            ["RequestOutput"] = Object(["name"], ("name", Type("string")), ("parameters", Type("object"))),
            ["InferenceResponse"] = Object(
                ["id", "model_name", "outputs"],
                ("id", Type("string")),
                ("model_name", Type("string")),
                ("parameters", Type("object")),
                ("outputs", List(Ref("ResponseOutput")))),
            ["ResponseOutput"] = Tensor(),
            ["ListModelsResponse"] = Object(["models"], ("models", List(Type("string")))),
            ["MetadataTensor"] = Object(
                ["name", "datatype", "shape"], ("name", Type("string")), ("datatype", Type("string")), ("shape", List(Type("integer")))),
            ["ModelMetadataResponse"] = Object(
                ["name", "platform", "inputs", "outputs"],
                ("name", Type("string")),
                ("platform", Type("string")),
                ("inputs", List(Ref("MetadataTensor"))),
                ("outputs", List(Ref("MetadataTensor")))),
            ["ModelReadyResponse"] = Object(["name", "ready"], ("name", Type("string")), ("ready", Type("boolean"))),
            ["ServerLiveResponse"] = Object(["live"], ("live", Type("boolean"))),
            ["ServerReadyResponse"] = Object(["ready"], ("ready", Type("boolean"))),
            ["ServerMetadataResponse"] = Object(
                ["name", "version", "extensions"], ("name", Type("string")), ("version", Type("string")), ("extensions", List(Type("string")))),
            ["Error"] = Object(["error"], ("error", Type("string"))),
        };
        if (openAi)
        {
            all["OpenAIRequest"] = Object(["model"], ("model", Type("string")), ("stream", Type("boolean")));
        }

        return all;
    }

    public static JsonObject Ref(string schema) => new() { ["$ref"] = "#/components/schemas/" + schema };

    public static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject List(JsonNode items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Object(string[] required, params ReadOnlySpan<(string Name, JsonNode Schema)> properties)
    {
        var all = new JsonObject();
        foreach ((string name, JsonNode schema) in properties)
        {
            all[name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. required.Select(static r => (JsonNode)r)]),
            ["properties"] = all,
        };
    }
}
