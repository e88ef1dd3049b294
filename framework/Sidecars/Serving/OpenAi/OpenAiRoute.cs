namespace Sidecars.Serving;

/// <summary>What a path behind the prefix of the OpenAI routes means.</summary>
internal enum OpenAiRoute : byte
{
    NotFound,
    Completions,
    ChatCompletions,
    Embeddings,
    Rerank,
    Models,
    Model,
}
