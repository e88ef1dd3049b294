using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Serve;

/// <summary><c>serve</c>: reads the command line as KServe and its users write it, and runs the server.</summary>
internal static class ServeCommand
{
    private static readonly string[] s_own = [.. ServeFlags.Command.Flags.Select(static flag => flag.Name)];

    public static async Task<int> RunAsync(string[] args)
    {
        SidecarApplicationBuilder builder = ServeFlags.Command.CreateBuilder(args);
        if (builder.ExitCode == 0)
        {
            // The framework's own flags follow: the application prints them.
            Console.Write(ServeFlags.Help());
        }
        else if (builder.ExitCode is null && SetUp(builder) is { } exitCode)
        {
            return exitCode;
        }

        await using SidecarApplication app = builder.Build();
        return await app.RunAsync().ConfigureAwait(false);
    }

    /// <summary>Sets up the explainer.</summary>
    /// <returns>What to end with; null to go on.</returns>
    private static int? SetUp(SidecarApplicationBuilder builder)
    {
        var flags = new FlagValues(builder.OtherFlags);
        ExplainerDefinition? choice = ExplainerChoice.Read(builder, s_own, flags.Errors);
        DeviceFlag.Read(builder, flags.Errors);
        int threads = flags.Number("explainer_threads", 0, 1, 1024);
        bool? merge = flags.Text("merge_rows") is null ? null : flags.Switch("merge_rows");
        if (flags.Errors.Count > 0)
        {
            return ServeFlags.Command.Refuse(flags.Errors);
        }

        try
        {
            string directory = ArtifactPlace.Find(builder);
            builder.Sidecar.AddExplainer(options =>
            {
                options.Directory = directory;
                options.Explainer = choice;
                options.Threads = threads == 0 ? null : threads;
                options.Merge = merge;
            });
            return null;
        }
        catch (SidecarConfigurationException e)
        {
            Console.Error.WriteLine("error: " + e.Message);
            return Command.Failed;
        }
    }
}
