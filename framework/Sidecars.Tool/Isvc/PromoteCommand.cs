using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc promote NAME</c>: all requests for the canary, or none with <c>--back</c>.</summary>
internal static class PromoteCommand
{
    public static Command Create(ToolConsole console, ClusterOptions cluster)
    {
        Argument<string> name = IsvcCommands.Name();
        Option<bool> back = new("--back") { Description = "Take all requests from the canary instead." };
        Option<bool> force = new("--force") { Description = "Promote although the new version is not ready." };
        var where = new CanaryOptions();
        var command = new Command("promote", "Give the canary all requests.") { name, back, force };
        where.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            using KServeClient client = cluster.Connect(given);
            CanaryChange canary = where.Read(given);
            string which = given.GetRequiredValue(name);
            InferenceService service = given.GetValue(back)
                ? await client.RollBackAsync(which, canary, cluster.Namespace(given), cancellation).ConfigureAwait(false)
                : await client.PromoteAsync(which, canary, given.GetValue(force), cluster.Namespace(given), cancellation).ConfigureAwait(false);
            string outcome = given.GetValue(back) ? "the canary gets no requests" : "the new version gets all requests";
            await console.Error.WriteLineAsync($"{which}: {outcome} (generation {service.Metadata.Generation})").ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
