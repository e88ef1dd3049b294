using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>The server's description, <c>/openapi.json</c>: KServe's paths, titles and operation ids.</summary>
internal sealed class OpenApiDocument(ModelRegistry models, ModelDescriptions descriptions, OpenAiRoutes openAi)
{
    private const string Predict = "/v1/models/{model_name}:predict";
    private const string Explain = "/v1/models/{model_name}:explain";
    private const string OnlyExplain = "/explain";

    /// <summary>What an explanation may be sent as; which of them an explainer knows is its own affair.</summary>
    private static readonly string[] s_explanations =
        [MediaTypes.Json, MediaTypes.Html, "image/svg+xml", "text/plain", MediaTypes.EventStream];

    /// <summary>Writes the document. Models come and go, so it is made anew each time.</summary>
    public async ValueTask<byte[]> WriteAsync(CancellationToken cancellation)
    {
        RegisteredModel[] served = [.. models.Registered];
        bool explains = Array.Exists(served, static r => r.Explains);
        bool only = explains && served.DistinctBy(static r => r.Model).Take(2).Count() == 1;
        JsonObject document = Build(openAi.Prefix, explains, only);
        foreach (RegisteredModel registered in served.Where(static r => r.Model is not OpenAIProxyModel))
        {
            ExampleRequest example = await descriptions.ExampleAsync(registered, cancellation).ConfigureAwait(false);
            AddExample(document, Predict, registered.Name, example.V1);
            AddExample(document, "/v2/models/{model_name}/infer", registered.Name, example.V2);
            if (registered.Explains)
            {
                AddExample(document, Explain, registered.Name, example.V1);
                AddExample(document, OnlyExplain, registered.Name, example.V2);
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(document, OpenApiJson.Default.JsonObject);
    }

    /// <summary>Describes what there is.</summary>
    /// <param name="openAi">Where the OpenAI routes are; null for nowhere.</param>
    /// <param name="explains">Whether any model explains: its route stands in the document anyway, as in KServe's.</param>
    /// <param name="only">Whether the route that names no model has one to explain.</param>
    private static JsonObject Build(string? openAi, bool explains, bool only)
    {
        var paths = new JsonObject();
        Add(paths, "/", "get", "root", "Whether the process is alive.");
        Add(paths, "/metrics", "get", "metrics", "Prometheus metrics.");
        Add(paths, "/v1/models", "get", "models", "The names of the models.", "ListModelsResponse");
        Add(paths, "/v1/models/{model_name}", "get", "model_ready", "Whether a model is ready.", "ModelReadyResponse");
        Add(paths, Predict, "post", "predict", "Prediction, V1.", body: "V1Request");
        Add(paths, Explain, "post", "explain", explains ? "Explanation, V1. Named in Accept, text/event-stream tells its progress."
            : "Explanation, V1. No model of this server explains: 501.", body: "V1Request");
        Add(paths, "/v2", "get", "metadata", "The server's name, version and extensions.", "ServerMetadataResponse");
        Add(paths, "/v2/health/live", "get", "live", "Whether the server is live.", "ServerLiveResponse");
        Add(paths, "/v2/health/ready", "get", "ready", "Whether the server is ready.", "ServerReadyResponse");
        Add(paths, "/v2/models", "get", "models", "The names of the models.", "ListModelsResponse");
        Add(paths, "/v2/models/{model_name}", "get", "model_metadata", "A model's inputs and outputs.", "ModelMetadataResponse");
        Add(paths, "/v2/models/{model_name}/ready", "get", "model_ready", "Whether a model is ready.", "ModelReadyResponse");
        Add(paths, "/v2/models/{model_name}/versions/{model_version}/ready", "get", "model_ready", "Not supported: 501.", "ModelReadyResponse");
        Add(paths, "/v2/models/{model_name}/infer", "post", "infer", "Prediction, Open Inference Protocol.", "InferenceResponse", "InferenceRequest");
        if (only)
        {
            Add(paths, OnlyExplain, "post", "explain", "Explanation of a V2 request, on servers of one model.", body: "InferenceRequest");
            AddExplanations(paths, OnlyExplain);
        }

        if (explains)
        {
            AddExplanations(paths, Explain);
        }

        Add(paths, "/v2/repository/models/{model_name}/load", "post", "load", "Makes a model ready.");
        Add(paths, "/v2/repository/models/{model_name}/unload", "post", "unload", "Takes a model away.");
        if (openAi is not null)
        {
            AddOpenAi(paths, openAi);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "KServe ModelServer", ["version"] = InfoEndpoints.ServerVersion },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = OpenApiSchemas.All(openAi is not null) },
        };
    }

    /// <summary>What else these objects have in them is between caller and predictor.</summary>
    private static void AddOpenAi(JsonObject paths, string prefix)
    {
        Add(paths, prefix + "/v1/completions", "post", "create_completion", "Completion, OpenAI.", body: "OpenAIRequest");
        Add(paths, prefix + "/v1/chat/completions", "post", "create_chat_completion", "Chat completion, OpenAI.", body: "OpenAIRequest");
        Add(paths, prefix + "/v1/embeddings", "post", "create_embedding", "Embeddings, OpenAI.", body: "OpenAIRequest");
        Add(paths, prefix + "/v1/rerank", "post", "create_rerank", "Ranking of documents.", body: "OpenAIRequest");
        if (prefix.Length > 0)
        {
            Add(paths, prefix + "/v1/models", "get", "models", "The language models, OpenAI.");
            Add(paths, prefix + "/v1/models/{model_name}", "get", "health", "Whether a language model is ready.");
        }
    }

    private static void Add(
        JsonObject paths, string path, string method, string function, string summary, string? answer = null, string? body = null)
    {
        var operation = new JsonObject { ["summary"] = summary, ["operationId"] = OperationId(function, path, method) };
        var parameters = new JsonArray();
        foreach (string name in (string[])["model_name", "model_version"])
        {
            if (path.Contains('{' + name + '}', StringComparison.Ordinal))
            {
                parameters.Add((JsonNode)new JsonObject
                {
                    ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = OpenApiSchemas.Type("string"),
                });
            }
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(body) };
        }

        var ok = new JsonObject { ["description"] = "Successful Response" };
        if (path != "/metrics")
        {
            ok["content"] = answer is null ? new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject() } } : Content(answer);
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = ok,
            ["default"] = new JsonObject { ["description"] = "Error", ["content"] = Content("Error") },
        };
        paths[path] ??= new JsonObject();
        paths[path]![method] = operation;
    }

    private static void AddExplanations(JsonObject paths, string path)
    {
        JsonObject content = paths[path]!["post"]!["responses"]!["200"]!["content"]!.AsObject();
        foreach (string type in s_explanations)
        {
            content[type] ??= new JsonObject { ["schema"] = OpenApiSchemas.Type("string") };
        }
    }

    /// <summary>Shows a request that a model can answer, under the model's name.</summary>
    private static void AddExample(JsonObject document, string path, string model, JsonNode? example)
    {
        if (example is null || document["paths"]![path]?["post"] is not { } operation)
        {
            return;
        }

        JsonObject body = operation["requestBody"]!["content"]![MediaTypes.Json]!.AsObject();
        body["examples"] ??= new JsonObject();
        body["examples"]![model] = new JsonObject { ["value"] = example.DeepClone() };
    }

    /// <summary>The function's name, then the path with every other character an underscore, then the method.</summary>
    private static string OperationId(string function, string path, string method) =>
        function + string.Concat(path.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_')) + "_" + method;

    private static JsonObject Content(string schema) => new() { ["application/json"] = new JsonObject { ["schema"] = OpenApiSchemas.Ref(schema) } };
}
