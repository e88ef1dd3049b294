namespace Sidecars.Explainers;

/// <summary>The scale on which Shapley values add up.</summary>
public enum ShapLink
{
    /// <summary>The model's own scale.</summary>
    Identity,

    /// <summary>Log-odds: ln(p / (1 − p)) of the averaged probability.</summary>
    Logit,
}
