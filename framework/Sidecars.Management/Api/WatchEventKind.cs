namespace Sidecars.Management.Api;

/// <summary>What a line of a watch tells.</summary>
internal enum WatchEventKind
{
    /// <summary>The object is there or changed.</summary>
    Present,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>Nothing happened up to the version the line carries.</summary>
    Bookmark,
}
