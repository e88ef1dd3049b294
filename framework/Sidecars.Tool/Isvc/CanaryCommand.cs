using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc canary NAME PERCENT</c>: a new version for a part of the requests.</summary>
internal static class CanaryCommand
{
    public static Command Create(ToolConsole console, ClusterOptions cluster)
    {
        Argument<string> name = IsvcCommands.Name();
        Argument<int> percent = new("percent") { Description = "The new version's share of the requests, 0 to 100." };
        Option<string?> storage = new("--storage-uri") { Description = "Where the new model lies." };
        Option<string?> image = new("--image") { Description = "The new image." };
        var where = new CanaryOptions();
        var command = new Command("canary", "Give a new version a part of the requests, or change the part it has.")
        {
            name, percent, storage, image,
        };
        where.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            using KServeClient client = cluster.Connect(given);
            CanaryChange change = where.Read(given) with { StorageUri = given.GetValue(storage), Image = given.GetValue(image) };
            InferenceService service = await client.CanaryAsync(
                given.GetRequiredValue(name), given.GetRequiredValue(percent), change, cluster.Namespace(given), cancellation).ConfigureAwait(false);
            await console.Error.WriteLineAsync(
                $"{service.Metadata.Name}: the new version of its {change.Component} gets {given.GetRequiredValue(percent)} % "
                + $"(generation {service.Metadata.Generation})")
                .ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
