using System.CommandLine;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc …</c></summary>
internal static class IsvcCommands
{
    public static Command Create(ToolConsole console, TimeProvider time)
    {
        var cluster = new ClusterOptions(time);
        var command = new Command("isvc", "InferenceServices: what they are made of, and what becomes of them in a cluster.")
        {
            RenderCommand.Create(console),
            ApplyCommand.Create(console, cluster),
            WaitCommand.Create(console, cluster),
            CanaryCommand.Create(console, cluster),
            PromoteCommand.Create(console, cluster),
            DeleteCommand.Create(console, cluster),
        };
        return command;
    }

    public static Argument<string> Name() => new("name") { Description = "The InferenceService's name." };

    public static Option<int> Timeout() => TimeoutOption.Create("How long to wait at most, in seconds.", 600);
}
