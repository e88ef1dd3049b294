using Microsoft.Extensions.DependencyInjection;
using Sidecars.Explainers.Server.Commands;
using Sidecars.Explainers.Server.Serve;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>
/// <c>explain</c>: 1. read the artefact; 2. read the rows; 3. see what is done already; 4. explain the others, in the rows' order.
/// </summary>
internal static class ExplainCommand
{
    /// <summary>What a run ends with that is done, but for rows with errors.</summary>
    public const int RowsFailed = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        SidecarApplicationBuilder builder = ExplainFlags.Command.CreateBuilder(args);
        var flags = new FlagValues(builder.OtherFlags);
        if (builder.ExitCode == 0)
        {
            Console.Write(ExplainFlags.Command.Help());
            return 0;
        }

        if (builder.ExitCode is not null)
        {
            await using SidecarApplication wrong = builder.Build();
            return await wrong.RunAsync().ConfigureAwait(false);
        }

        ExplainFlags.Command.CheckKnown(builder, flags.Errors);
        ExplainPlan plan = ExplainPlan.Read(flags);
        DeviceFlag.Read(builder, flags.Errors);
        if (flags.Errors.Count > 0)
        {
            return ExplainFlags.Command.Refuse(flags.Errors);
        }

        using var stop = new StopSignals();
        try
        {
            return await RunAsync(builder, plan, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SidecarConfigurationException or InferenceException or IOException or UnauthorizedAccessException)
        {
            Say("error: " + e.Message);
            return Command.Failed;
        }
    }

    private static async Task<int> RunAsync(SidecarApplicationBuilder builder, ExplainPlan plan, StopSignals stop)
    {
        // 1. The artefact. The application is made for its services, above all the predictor's client, and never started.
        string directory = ArtifactPlace.Find(builder);
        await using SidecarApplication app = builder.Build();
        IServiceProvider services = app.Web.Services;
        var explainer = new TabularExplainer(
            new TabularExplainerOptions
            {
                Directory = directory,
                Explainer = plan.Explainer is { } type ? new ExplainerDefinition(type) : null,
                Threads = plan.Parallel,
            },
            services);
        await explainer.LoadAsync(stop.Token).ConfigureAwait(false);
        ExplainerArtifact artifact = explainer.Artifact;
        if (artifact.ModelPath is null && builder.Options.PredictorHost is null)
        {
            throw new SidecarConfigurationException($"The artefact in {artifact.Directory} has no model: give who scores with --predictor_host and --model_name.");
        }

        if (plan.WrongParameters(artifact.Document.Explainers[0].Type).ToList() is { Count: > 0 } problems)
        {
            return ExplainFlags.Command.Refuse(problems);
        }

        // 2. The rows.
        List<InputRow> rows = InputRows.Read(plan.Input, plan.Format, artifact.Schema, plan.Shard);

        // 3. What is done.
        using ResultFile results = plan.Output == "-" ? ResultFile.Standard() : ResultFile.Open(plan.Output);
        List<InputRow> left = [.. rows.Where(row => !results.Done.Contains(row.Number))];
        if (left.Count < rows.Count)
        {
            Say($"{rows.Count - left.Count} of {rows.Count} rows are done already");
        }

        // 4. The others.
        var rowExplainer = new RowExplainer(explainer, Context(builder.Options, services), plan.Parameters);
        using CancellationTokenRegistration registration = stop.Token.Register(static () => Say("stopping: finishing the rows that were begun"));
        var progress = new Progress(Console.Error, terminal: !Console.IsErrorRedirected, left.Count, TimeProvider.System);
        long failed = await new BulkRun(plan.Parallel, rowExplainer.ExplainAsync, line =>
        {
            results.Write(line.Utf8.Span);
            progress.Add();
        }).RunAsync(left, stop.Token).ConfigureAwait(false);
        progress.End();
        await explainer.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (failed > 0)
        {
            Say(failed == 1 ? "1 row has an error; its line says which" : $"{failed} rows have errors; their lines say which");
        }

        return stop.Token.IsCancellationRequested ? stop.ExitCode : failed > 0 ? RowsFailed : 0;
    }

    private static Func<InferenceContext> Context(SidecarOptions options, IServiceProvider services)
    {
        var predictor = services.GetRequiredService<IPredictor>();
        return () => new InferenceContext(options.ModelName, predictor) { PredictorModelName = options.PredictorModelName ?? options.ModelName };
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
