namespace Sidecars.Explainers.Graphs;

/// <summary>What a graph does to a sum.</summary>
internal enum ColumnWrap
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its fraction is cut off, as a cast to an integer does.</summary>
    Truncated,

    /// <summary>1 / (1 + exp(−sum)).</summary>
    Logistic,

    /// <summary>The same, divided by the total of its row.</summary>
    LogisticShare,

    /// <summary>exp(sum), divided by the total of its row.</summary>
    Softmax,
}
