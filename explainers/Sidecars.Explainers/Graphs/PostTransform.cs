namespace Sidecars.Explainers.Graphs;

/// <summary>What ai.onnx.ml operators make of their sums, by their ONNX names.</summary>
internal enum PostTransform : byte
{
    /// <summary>NONE.</summary>
    None,

    /// <summary>LOGISTIC.</summary>
    Logistic,

    /// <summary>SOFTMAX.</summary>
    Softmax,

    /// <summary>SOFTMAX_ZERO: zeros stay zeros.</summary>
    SoftmaxZero,

    /// <summary>PROBIT.</summary>
    Probit,
}
