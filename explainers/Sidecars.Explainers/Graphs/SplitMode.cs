namespace Sidecars.Explainers.Graphs;

/// <summary>The comparisons of a tree's node, by their ONNX names.</summary>
internal enum SplitMode : byte
{
    /// <summary>A leaf.</summary>
    Leaf,

    /// <summary>BRANCH_LEQ.</summary>
    LessOrEqual,

    /// <summary>BRANCH_LT.</summary>
    Less,

    /// <summary>BRANCH_GTE.</summary>
    GreaterOrEqual,

    /// <summary>BRANCH_GT.</summary>
    Greater,

    /// <summary>BRANCH_EQ.</summary>
    Equal,

    /// <summary>BRANCH_NEQ.</summary>
    NotEqual,
}
