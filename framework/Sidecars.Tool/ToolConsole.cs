namespace Sidecars.Tool;

/// <summary>Where the tool reads and writes; tests bring their own.</summary>
internal sealed record ToolConsole(TextReader In, TextWriter Out, TextWriter Error);
