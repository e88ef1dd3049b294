namespace Sidecars;

/// <summary>The application cannot start as it is set up. The message says what to change; the process exits with 1.</summary>
public sealed class SidecarConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SidecarConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
