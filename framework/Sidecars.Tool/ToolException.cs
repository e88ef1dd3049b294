namespace Sidecars.Tool;

/// <summary>What the user can put right; the message is all they see.</summary>
internal sealed class ToolException(string message) : Exception(message);
