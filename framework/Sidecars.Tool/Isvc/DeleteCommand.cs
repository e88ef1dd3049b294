using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc delete NAME</c></summary>
internal static class DeleteCommand
{
    public static Command Create(ToolConsole console, ClusterOptions cluster)
    {
        Argument<string> name = IsvcCommands.Name();
        Option<bool> ignore = new("--ignore-not-found") { Description = "It is fine if there is none." };
        var command = new Command("delete", "Delete a service.") { name, ignore };
        cluster.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            using KServeClient client = cluster.Connect(given);
            string which = given.GetRequiredValue(name), @namespace = cluster.Namespace(given) ?? client.Namespace;
            bool there = await client.DeleteAsync(which, @namespace, cancellation).ConfigureAwait(false);
            await console.Error.WriteLineAsync(
                there ? $"{which} is deleted." : $"There is no InferenceService '{which}' in namespace '{@namespace}'.").ConfigureAwait(false);
            return there || given.GetValue(ignore) ? 0 : 1;
        });
        return command;
    }
}
