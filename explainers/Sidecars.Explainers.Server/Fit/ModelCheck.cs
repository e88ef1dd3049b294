using Sidecars.Onnx;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>Tries a model on rows of the table, so that what does not fit is found now and not by the first caller.</summary>
internal static class ModelCheck
{
    private const int MaxRows = 10_000;

    /// <summary>Runs the model.</summary>
    /// <param name="plan">What was asked for; its model is there.</param>
    /// <param name="table">The rows.</param>
    /// <param name="errors">Where it is said what is wrong and what to change.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ModelFacts?> RunAsync(FitPlan plan, FittedTable table, List<string> errors, CancellationToken cancellation)
    {
        try
        {
            using var model = new OnnxModel(plan.Model!, new OnnxOptions { Device = OnnxDevice.Cpu, WarmUp = false });
            if (WrongInputs(model, table) is { } problem)
            {
                errors.Add(problem);
                return null;
            }

            return await TryAsync(model, plan, table, errors, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SidecarConfigurationException or ArgumentException)
        {
            errors.Add($"--model {plan.Model}: {e.Message}");
        }
        catch (InferenceException e)
        {
            errors.Add($"--model {plan.Model} failed on rows of {plan.Data}: {e.Message}");
        }

        return null;
    }

    private static string? WrongInputs(OnnxModel model, FittedTable table)
    {
        int features = table.Data.Features;
        if (model.Inputs is not [{ } input])
        {
            return $"the model has the inputs {string.Join(", ", model.Inputs.Select(static i => $"'{i.Name}'"))}; explainers need one, FP32 [rows, features]: "
                + "export it with its columns put together";
        }

        return input.Shape is [_, > 0 and var takes] && takes != features
            ? $"the model takes {takes} features, and the table has {features}: {string.Join(", ", table.Schema.Features.Select(static f => $"'{f.Name}'"))}; "
                + (takes < features ? "name the columns it did not learn from with --drop, and the one it learned to say with --label"
                    : "give the table the model was trained on, as it was given to the model")
            : null;
    }

    private static async Task<ModelFacts?> TryAsync(
        OnnxModel model, FitPlan plan, FittedTable table, List<string> errors, CancellationToken cancellation)
    {
        int features = table.Data.Features;
        int rows = Math.Min(table.Data.Rows, MaxRows);
        var scorer = new OnnxScorer(model, features);
        Scores scores = await scorer.ScoreAsync(table.Data.Values[..(rows * features)], cancellation).ConfigureAwait(false);
        int at = scores.Values.Span.IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
        if (at >= 0)
        {
            errors.Add($"the model answers {scores.Values.Span[at]} to row {at / scores.Outputs} of {plan.Data}; a missing value it cannot take? Fill it, or drop the column");
        }

        int classes = (scores.Kind, scores.Outputs) switch
        {
            (ScoreKind.Value or ScoreKind.Label, _) => 0,
            (_, 1) => 2,
            (_, var outputs) => outputs,
        };
        if (table.Schema.Classes is { } named && scores.Kind == ScoreKind.Value)
        {
            errors.Add($"there are {named.Count} classes ({string.Join(", ", named)}), and the model is a regression; leave out --classes");
        }
        else if (table.Schema.Classes is { } names && classes > 0 && classes != names.Count)
        {
            errors.Add($"there are {names.Count} classes ({string.Join(", ", names)}), and the model tells {classes} apart; give the names of all in the order of its outputs with --classes");
        }

        return errors.Count == 0 ? new ModelFacts(scores.Kind, scores.Outputs, Agreement(scores, table.Labels, rows)) : null;
    }

    private static double? Agreement(Scores scores, int[]? labels, int rows)
    {
        if (labels is null || scores.Kind == ScoreKind.Value)
        {
            return null;
        }

        int[] given = new int[rows];
        scores.ReadLabels(given);
        return given.Zip(labels).Average(static pair => pair.First == pair.Second ? 1.0 : 0);
    }
}
