namespace Sidecars.Management.Api;

/// <summary>One line of a watch.</summary>
internal readonly record struct WatchEvent(WatchEventKind Kind, InferenceService Service);
