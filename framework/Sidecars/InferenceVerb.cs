namespace Sidecars;

/// <summary>What a caller wants of a model.</summary>
public enum InferenceVerb
{
    /// <summary><c>:predict</c>, <c>/infer</c>, <c>ModelInfer</c>.</summary>
    Predict,

    /// <summary><c>:explain</c>.</summary>
    Explain,
}
