namespace Sidecars.Explainers;

/// <summary>What can be said of a returned rule.</summary>
public enum AnchorStatus
{
    /// <summary>Tested on fresh samples, its precision reaches the threshold.</summary>
    Met,

    /// <summary>No rule reached the threshold; this is the best there was.</summary>
    NotMet,

    /// <summary>The deadline came first; this is the best there was by then.</summary>
    OutOfTime,
}
