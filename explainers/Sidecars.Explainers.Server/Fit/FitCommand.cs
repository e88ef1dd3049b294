using System.Diagnostics;
using System.Globalization;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Server.Commands;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>
/// <c>fit</c>: 1. read the table; 2. find out what its columns are; 3. try the model on it; 4. choose the background;
/// 5. write the artefact and read it back.
/// </summary>
internal static class FitCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        SidecarApplicationBuilder builder = FitFlags.Command.CreateBuilder(args);
        if (builder.ExitCode == 0)
        {
            Console.Write(FitFlags.Command.Help());
            return 0;
        }

        if (builder.ExitCode is not null)
        {
            await using SidecarApplication wrong = builder.Build();
            return await wrong.RunAsync().ConfigureAwait(false);
        }

        var flags = new FlagValues(builder.OtherFlags);
        FitPlan plan = FitFlags.Read(flags);
        FitFlags.Command.CheckKnown(builder, flags.Errors);
        flags.Errors.AddRange(
            from type in plan.Explainers
            where OptionTable.Find(type) is null
            select $"--explainer names '{type}'; known: {OptionTable.KnownTypes}");
        if (flags.Errors.Count > 0)
        {
            return FitFlags.Command.Refuse(flags.Errors);
        }

        using var stop = new StopSignals();
        try
        {
            List<string> errors = [];
            await RunAsync(plan, errors, stop.Token).ConfigureAwait(false);
            foreach (string error in errors)
            {
                Say("error: " + error);
            }

            return errors.Count == 0 ? 0 : Command.Failed;
        }
        catch (OperationCanceledException)
        {
            return stop.ExitCode;
        }
        catch (Exception e) when (e is SidecarConfigurationException or IOException or UnauthorizedAccessException)
        {
            Say("error: " + e.Message);
            return Command.Failed;
        }
    }

    private static async Task RunAsync(FitPlan plan, List<string> errors, CancellationToken cancellation)
    {
        if (!plan.Force && ArtifactWriter.InTheWay(plan.Output).ToList() is { Count: > 0 } files)
        {
            errors.Add($"{string.Join(", ", files)} would be written over; give another --output, or --force");
            return;
        }

        // 1. The table.
        long start = Stopwatch.GetTimestamp();
        SourceTable source = SourceTable.Read(plan.Data, errors);
        if (errors.Count > 0)
        {
            return;
        }

        Say($"read {plan.Data}: {source.Rows.Count} rows, {source.Columns.Count} columns");
        if (source.HeaderLooksLikeARow)
        {
            Say($"warning: the first line of {plan.Data} is all numbers ({string.Join(',', source.Columns.Take(3))},…) and was taken for the names"
                + " of the columns; if it is a row, write a line of names above it");
        }

        // 2. Its columns.
        FittedTable table = SchemaReader.Read(source, plan, errors);
        if (errors.Count > 0)
        {
            return;
        }

        foreach (TabularFeature feature in table.Schema.Features.Where(static f => f.IsCategorical))
        {
            Say($"  {feature.Name}: {feature.Categories!.Count} categories ({string.Join(", ", feature.Categories.Take(4))}{(feature.Categories.Count > 4 ? ", …" : "")})");
        }

        cancellation.ThrowIfCancellationRequested();

        // 3. The model.
        ModelFacts? facts = plan.Model is null ? null : await ModelCheck.RunAsync(plan, table, errors, cancellation).ConfigureAwait(false);
        IReadOnlyList<string> explainers = Explainers(plan, table, facts, errors);
        if (errors.Count > 0)
        {
            return;
        }

        SayModel(plan, facts);

        // 4. The background.
        Background? background = Background(plan, table, errors);
        if (background is null)
        {
            return;
        }

        Say($"background: {background.Rows.Rows} rows ({background.Method})");
        cancellation.ThrowIfCancellationRequested();

        // 5. The artefact.
        ArtifactWriter.Write(plan, table, background, explainers);
        ExplainerArtifact artifact = ExplainerArtifact.Load(plan.Output);
        Say(string.Create(CultureInfo.InvariantCulture, $"wrote {plan.Output} in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        Console.Write(NextSteps.Text(plan, artifact));
    }

    private static List<string> Explainers(FitPlan plan, FittedTable table, ModelFacts? facts, List<string> errors)
    {
        bool regression = facts?.Kind == ScoreKind.Value;
        if (regression && plan.Explainers.Contains("AnchorTabular"))
        {
            errors.Add("--explainer names AnchorTabular, whose rules say when a class stays the same, and the model is a regression; take Shap");
        }

        return plan.Explainers.Count > 0 ? [.. plan.Explainers.Distinct()]
            : regression || (facts is null && table.Schema.Classes is null && plan.Label is not null && table.Labels is null) ? ["Shap"]
            : ["AnchorTabular", "Shap"];
    }

    private static void SayModel(FitPlan plan, ModelFacts? facts)
    {
        if (facts is not null)
        {
            string what = facts.Kind switch
            {
                ScoreKind.Value => "a regression",
                ScoreKind.Label => "a classifier that tells labels only",
                _ => $"a classifier of {(facts.Outputs == 1 ? 2 : facts.Outputs)} classes",
            };
            string agrees = facts.Agreement is { } share
                ? string.Create(CultureInfo.InvariantCulture, $"; it gives {100 * share:0.0} % of the rows their label")
                : "";
            Say($"model {plan.Model}: {what}{agrees}");
        }
    }

    private static Background? Background(FitPlan plan, FittedTable table, List<string> errors)
    {
        if (plan.BackgroundFile is not { } file)
        {
            string method = plan.BackgroundMethod != "auto" ? plan.BackgroundMethod
                : table.Schema.Features.Any(static f => f.IsCategorical) ? "sample" : "kmeans";
            return method == "sample" && table.Data.Rows > plan.BackgroundRows
                ? BackgroundSummary.Sample(table.Data, plan.BackgroundRows, plan.Seed)
                : BackgroundSource.Choose(table.Data, new BackgroundDefinition(method, plan.BackgroundRows));
        }

        var problems = new Problems();
        (TabularData Data, double[]? Weights)? read = TabularCsv.Read(file, File.ReadAllBytes(file), table.Schema, problems);
        problems.ThrowIfAny($"--background_file {file} cannot be used:");
        if (read is not { Data: var rows, Weights: var weights })
        {
            errors.Add($"--background_file {file} has no rows");
            return null;
        }

        double sum = weights?.Sum() ?? 0;
        return weights is null
            ? Sidecars.Explainers.Background.Uniform(rows, "file")
            : new Background(rows, Array.ConvertAll(weights, w => w / sum), "file");
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
