namespace Sidecars.Explainers.Graphs;

/// <summary>
/// A tree ensemble as an ONNX file holds it: nodes of all trees in one list, and for every leaf its weight for each
/// output. A row's margin is the base values plus the weights of the leaf it falls into, summed over the trees.
/// </summary>
internal sealed partial record TreeEnsemble
{
    /// <summary>How many features a row has.</summary>
    public required int Features { get; init; }

    /// <summary>Whether the file says how many features there are; else <see cref="Features"/> is just enough for the trees.</summary>
    public bool FeaturesDeclared { get; init; } = true;

    /// <summary>How many margins a row has: 1 for a binary classifier that keeps one, the classes of others, a regression's targets.</summary>
    public required int Outputs { get; init; }

    /// <summary>The first node of each tree.</summary>
    public required int[] Roots { get; init; }

    /// <summary>The feature a node looks at; -1 for a leaf.</summary>
    public required int[] Feature { get; init; }

    /// <summary>The number a node compares with.</summary>
    public required float[] Threshold { get; init; }

    /// <summary>How a node compares: the row goes to <see cref="Left"/> where <c>x mode threshold</c> holds.</summary>
    public required SplitMode[] Mode { get; init; }

    /// <summary>Where the row goes when the comparison holds.</summary>
    public required int[] Left { get; init; }

    /// <summary>Where the row goes when it does not.</summary>
    public required int[] Right { get; init; }

    /// <summary>Whether a missing value (NaN) goes left whatever the comparison says.</summary>
    public required bool[] MissingLeft { get; init; }

    /// <summary>The weights of leaves, [nodes, <see cref="Outputs"/>]; zeros for inner nodes. Averages are already divided by
    /// the number of trees.</summary>
    public required double[] Weights { get; init; }

    /// <summary>What every row starts from, [<see cref="Outputs"/>].</summary>
    public required double[] BaseValues { get; init; }

    /// <summary>What makes the model's answer of the margins.</summary>
    public required PostTransform PostTransform { get; init; }

    /// <summary>Whether it answers classes; else values of a regression.</summary>
    public required bool IsClassifier { get; init; }

    /// <summary>How many classes a classifier has: 2 where one margin stands for both.</summary>
    public required int Classes { get; init; }

    /// <summary>The training weight that reached each node; null where the file does not tell.</summary>
    public double[]? Covers { get; init; }

    /// <summary>How many nodes all trees have together.</summary>
    public int Nodes => Feature.Length;
}
