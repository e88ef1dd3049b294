namespace Sidecars.Pipeline;

/// <summary>What can be asked of a language model in OpenAI's API.</summary>
internal enum OpenAiOperation : byte
{
    Completion,
    ChatCompletion,
    Embedding,
    Rerank,
}
