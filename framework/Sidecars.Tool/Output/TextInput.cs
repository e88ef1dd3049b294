namespace Sidecars.Tool.Output;

/// <summary>Text from a file, or from standard input for <c>-</c>.</summary>
internal static class TextInput
{
    public static async Task<string> ReadAsync(string file, ToolConsole console, CancellationToken cancellation)
    {
        string text = file == "-"
            ? await console.In.ReadToEndAsync(cancellation).ConfigureAwait(false)
            : await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false);
        return text.Trim().Length > 0 ? text : throw new ToolException(file == "-" ? "Standard input is empty." : $"{file} is empty.");
    }
}
