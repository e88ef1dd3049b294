using Sidecars.Tool;

namespace Sidecars.Management.Tests.Tool;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolRun(int Code, string Out, string Error)
{
    public static Task<ToolRun> OfAsync(params string[] args) => WithInputAsync("", args);

    public static async Task<ToolRun> WithInputAsync(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await SidecarsTool.RunAsync(args, new ToolConsole(new StringReader(input), output, error));
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
