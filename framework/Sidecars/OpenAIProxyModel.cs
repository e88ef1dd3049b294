using System.Text.Json.Nodes;

namespace Sidecars;

/// <summary>
/// A transformer for a language model that speaks OpenAI's API: requests to the OpenAI routes run through the
/// Preprocess hook of their kind, go to the predictor, and come back through the Postprocess hook; a streamed answer
/// comes back through the Chunk hook, event by event. Used as it is, it passes everything on.
/// </summary>
/// <remarks>
/// <para>
/// Payloads are JSON objects with the fields the caller or the predictor wrote, unknown ones and nulls included. A hook
/// may change its payload and return it, or return another. As on <see cref="Model"/>, each hook has a plain form and
/// an async form; override one of the two. A hook throws an <see cref="InferenceException"/> to refuse.
/// </para>
/// <para>
/// The request's <c>model</c> is the model's name towards the predictor when Preprocess sees it
/// (<see cref="InferenceContext.ModelName"/> keeps what the caller wrote), and what Preprocess leaves there is sent. So
/// is <c>stream</c>: it decides how the caller is answered. Of the caller's headers, those of <c>--forward_headers</c>
/// go on; <see cref="InferenceContext.UpstreamHeaders"/> adds to them.
/// </para>
/// <para>The hooks of <see cref="Model"/> are there for V1 and V2 requests, which the OpenAI routes never call.</para>
/// </remarks>
public class OpenAIProxyModel : Model
{
    /// <summary>
    /// Where the predictor's OpenAI API is: what stands in front of <c>/v1/chat/completions</c>. Default: null, which
    /// means <c>--predictor_host</c>, as it is when it has a path, else with <c>--openai_route_prefix</c> behind it.
    /// </summary>
    public virtual string? PredictorUrl => null;

    /// <summary>
    /// The path behind <see cref="PredictorUrl"/> that answers 2xx to GET while the predictor is healthy; asked for
    /// with <c>--enable_predictor_health_check</c>. Default: <c>/health</c>.
    /// </summary>
    public virtual string HealthEndpoint => "/health";

    /// <summary>Turns the caller's completion request into the predictor's. Default: the request itself.</summary>
    protected virtual JsonObject PreprocessCompletionRequest(JsonObject request, InferenceContext context) => request;

    /// <summary>The form of <see cref="PreprocessCompletionRequest"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PreprocessCompletionRequestAsync(JsonObject request, InferenceContext context) =>
        new(PreprocessCompletionRequest(request, context));

    /// <summary>Turns the predictor's whole completion into the caller's. Default: the completion itself.</summary>
    protected virtual JsonObject PostprocessCompletion(JsonObject completion, InferenceContext context) => completion;

    /// <summary>The form of <see cref="PostprocessCompletion"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PostprocessCompletionAsync(JsonObject completion, InferenceContext context) =>
        new(PostprocessCompletion(completion, context));

    /// <summary>Turns one event of a streamed completion into the caller's; null keeps it from the caller. Default: the chunk itself.</summary>
    protected virtual JsonObject? PostprocessCompletionChunk(JsonObject chunk, InferenceContext context) => chunk;

    /// <summary>The form of <see cref="PostprocessCompletionChunk"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject?> PostprocessCompletionChunkAsync(JsonObject chunk, InferenceContext context) =>
        new(PostprocessCompletionChunk(chunk, context));

    /// <summary>Turns the caller's chat request into the predictor's. Default: the request itself.</summary>
    protected virtual JsonObject PreprocessChatCompletionRequest(JsonObject request, InferenceContext context) => request;

    /// <summary>The form of <see cref="PreprocessChatCompletionRequest"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PreprocessChatCompletionRequestAsync(JsonObject request, InferenceContext context) =>
        new(PreprocessChatCompletionRequest(request, context));

    /// <summary>Turns the predictor's whole chat completion into the caller's. Default: the completion itself.</summary>
    protected virtual JsonObject PostprocessChatCompletion(JsonObject completion, InferenceContext context) => completion;

    /// <summary>The form of <see cref="PostprocessChatCompletion"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PostprocessChatCompletionAsync(JsonObject completion, InferenceContext context) =>
        new(PostprocessChatCompletion(completion, context));

    /// <summary>Turns one event of a streamed chat completion into the caller's; null keeps it from the caller. Default: the chunk itself.</summary>
    protected virtual JsonObject? PostprocessChatCompletionChunk(JsonObject chunk, InferenceContext context) => chunk;

    /// <summary>The form of <see cref="PostprocessChatCompletionChunk"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject?> PostprocessChatCompletionChunkAsync(JsonObject chunk, InferenceContext context) =>
        new(PostprocessChatCompletionChunk(chunk, context));

    /// <summary>Turns the caller's embedding request into the predictor's. Default: the request itself.</summary>
    protected virtual JsonObject PreprocessEmbeddingRequest(JsonObject request, InferenceContext context) => request;

    /// <summary>The form of <see cref="PreprocessEmbeddingRequest"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PreprocessEmbeddingRequestAsync(JsonObject request, InferenceContext context) =>
        new(PreprocessEmbeddingRequest(request, context));

    /// <summary>Turns the predictor's embeddings into the caller's. Default: the embeddings themselves.</summary>
    protected virtual JsonObject PostprocessEmbedding(JsonObject embedding, InferenceContext context) => embedding;

    /// <summary>The form of <see cref="PostprocessEmbedding"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PostprocessEmbeddingAsync(JsonObject embedding, InferenceContext context) =>
        new(PostprocessEmbedding(embedding, context));

    /// <summary>Turns the caller's rerank request into the predictor's. Default: the request itself.</summary>
    protected virtual JsonObject PreprocessRerankRequest(JsonObject request, InferenceContext context) => request;

    /// <summary>The form of <see cref="PreprocessRerankRequest"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PreprocessRerankRequestAsync(JsonObject request, InferenceContext context) =>
        new(PreprocessRerankRequest(request, context));

    /// <summary>Turns the predictor's ranking into the caller's. Default: the ranking itself.</summary>
    protected virtual JsonObject PostprocessRerank(JsonObject ranking, InferenceContext context) => ranking;

    /// <summary>The form of <see cref="PostprocessRerank"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<JsonObject> PostprocessRerankAsync(JsonObject ranking, InferenceContext context) =>
        new(PostprocessRerank(ranking, context));
}
