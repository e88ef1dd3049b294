using System.CommandLine;
using Sidecars.Management;
using Sidecars.Tool.Output;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc apply -f FILE</c>: brings the cluster to what the manifests say.</summary>
internal static class ApplyCommand
{
    public static Command Create(ToolConsole console, ClusterOptions cluster)
    {
        Option<string> file = new("--file", "-f") { Description = "Manifests in YAML or JSON; - for standard input.", Required = true };
        Option<bool> force = new("--force") { Description = "Take over fields that others set." };
        Option<bool> wait = new("--wait") { Description = "Wait until they are ready." };
        Option<int> timeout = IsvcCommands.Timeout();
        var command = new Command("apply", "Create services, or bring them to what their manifests say.") { file, force, wait, timeout };
        cluster.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            TimeSpan limit = TimeoutOption.Read(given, timeout);
            string text = await TextInput.ReadAsync(given.GetRequiredValue(file), console, cancellation).ConfigureAwait(false);
            IReadOnlyList<InferenceService> services = InferenceService.ParseAll(text);
            RenderCommand.Refuse(services);
            using KServeClient client = cluster.Connect(given);
            string? @namespace = cluster.Namespace(given);
            foreach (InferenceService service in services)
            {
                InferenceService applied = await client.ApplyAsync(service, @namespace, given.GetValue(force), cancellation).ConfigureAwait(false);
                await console.Error.WriteLineAsync(
                    $"{applied.Metadata.Name} in {applied.Metadata.NamespaceProperty}: generation {applied.Metadata.Generation}")
                    .ConfigureAwait(false);
            }

            foreach (InferenceService service in given.GetValue(wait) ? services : [])
            {
                await WaitCommand.RunAsync(
                    client, service.Metadata.Name, @namespace ?? service.Metadata.NamespaceProperty, limit, console, cancellation)
                    .ConfigureAwait(false);
            }

            return 0;
        });
        return command;
    }
}
