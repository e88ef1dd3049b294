namespace Sidecars.Telemetry;

/// <summary>Where a log line goes: access lines to stdout, all others to stderr, as with KServe's own server.</summary>
internal enum LogStream
{
    Error,
    Output,
}
