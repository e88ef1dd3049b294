namespace Sidecars.Tool.Check;

/// <summary>How a server does on a case.</summary>
internal enum CheckOutcome
{
    /// <summary>As expected.</summary>
    Passed,

    /// <summary>Clients will manage, but KServe's own server does it otherwise.</summary>
    Differs,

    /// <summary>Something that clients or the platform rely on does not hold.</summary>
    Broken,

    /// <summary>It could not be asked.</summary>
    NotAsked,
}
