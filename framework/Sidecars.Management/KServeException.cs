namespace Sidecars.Management;

/// <summary>What could not be done, why, and what to do about it.</summary>
public sealed class KServeException : Exception
{
    /// <summary>Makes one.</summary>
    public KServeException(KServeError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of thing went wrong.</summary>
    public KServeError Error { get; }

    /// <summary>The API server's status; null when it did not answer.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Why a service is not ready; null for other errors.</summary>
    public NotReadyReason? NotReady { get; init; }
}
