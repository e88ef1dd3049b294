namespace Sidecars.Explainers;

/// <summary>What a tree does with a feature that is not known.</summary>
public enum TreeShapAlgorithm
{
    /// <summary>Interventional where there is a background, else path-dependent.</summary>
    Auto,

    /// <summary>It takes the feature from each row of the background.</summary>
    Interventional,

    /// <summary>It goes both ways, weighted by how many training rows went there.</summary>
    TreePathDependent,
}
