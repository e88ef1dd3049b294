using System.CommandLine;
using System.Globalization;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc wait NAME</c>: until it is ready, or the reason why it is not.</summary>
internal static class WaitCommand
{
    public static Command Create(ToolConsole console, ClusterOptions cluster)
    {
        Argument<string> name = IsvcCommands.Name();
        Option<int> timeout = IsvcCommands.Timeout();
        var command = new Command("wait", "Wait until a service is ready; tell its progress, and the reason when it does not get there.")
        {
            name, timeout,
        };
        cluster.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            using KServeClient client = cluster.Connect(given);
            await RunAsync(client, given.GetRequiredValue(name), cluster.Namespace(given), TimeoutOption.Read(given, timeout), console, cancellation)
                .ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    public static async Task RunAsync(
        KServeClient client, string name, string? @namespace, TimeSpan timeout, ToolConsole console, CancellationToken cancellation)
    {
        InferenceService ready = await client.WaitUntilReadyAsync(
            name, @namespace, timeout, new Lines(console.Error), cancellation).ConfigureAwait(false);
        await console.Out.WriteLineAsync(ready.Status?.Url ?? name).ConfigureAwait(false);
    }

    /// <summary>A line for each state, at once and in order.</summary>
    private sealed class Lines(TextWriter to) : IProgress<ReadinessProgress>
    {
        public void Report(ReadinessProgress value) =>
            to.WriteLine($"{value.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),4} s  {value}");
    }
}
