using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Sidecars.Tests.OpenAi;

/// <summary>Writes down every hook, and leaves its mark on every payload. Half of the hooks are overridden in their async form.</summary>
internal sealed class HookedModel : OpenAIProxyModel
{
    public ConcurrentQueue<string> Calls { get; } = new();

    protected override JsonObject PreprocessCompletionRequest(JsonObject request, InferenceContext context) =>
        Mark(request, context, nameof(PreprocessCompletionRequest));

    protected override JsonObject PostprocessCompletion(JsonObject completion, InferenceContext context) =>
        Mark(completion, context, nameof(PostprocessCompletion));

    protected override JsonObject? PostprocessCompletionChunk(JsonObject chunk, InferenceContext context) =>
        (string?)chunk["text"] == "secret" ? null : Mark(chunk, context, nameof(PostprocessCompletionChunk));

    protected internal override async ValueTask<JsonObject> PreprocessChatCompletionRequestAsync(JsonObject request, InferenceContext context)
    {
        await Task.Yield();
        return Mark(request, context, nameof(PreprocessChatCompletionRequest));
    }

    protected internal override async ValueTask<JsonObject> PostprocessChatCompletionAsync(JsonObject completion, InferenceContext context)
    {
        await Task.Yield();
        return Mark(completion, context, nameof(PostprocessChatCompletion));
    }

    protected internal override async ValueTask<JsonObject?> PostprocessChatCompletionChunkAsync(JsonObject chunk, InferenceContext context)
    {
        await Task.Yield();
        return Mark(chunk, context, nameof(PostprocessChatCompletionChunk));
    }

    protected override JsonObject PreprocessEmbeddingRequest(JsonObject request, InferenceContext context) =>
        Mark(request, context, nameof(PreprocessEmbeddingRequest));

    protected override JsonObject PostprocessEmbedding(JsonObject embedding, InferenceContext context) =>
        Mark(embedding, context, nameof(PostprocessEmbedding));

    protected override JsonObject PreprocessRerankRequest(JsonObject request, InferenceContext context) =>
        Mark(request, context, nameof(PreprocessRerankRequest));

    protected override JsonObject PostprocessRerank(JsonObject ranking, InferenceContext context) =>
        Mark(ranking, context, nameof(PostprocessRerank));

    private JsonObject Mark(JsonObject payload, InferenceContext context, string hook)
    {
        context.Protocol.Should().Be(InferenceProtocol.OpenAI);
        Calls.Enqueue($"{hook} {payload.ToJsonString()}");
        payload["mark"] = hook;
        return payload;
    }
}
