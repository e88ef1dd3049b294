using System.Text.Json;
using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>The command <c>fit</c> and its flags.</summary>
internal static class FitFlags
{
    private static readonly string[] s_methods = ["auto", "kmeans", "sample"];

    /// <summary>The command.</summary>
    public static Command Command { get; } = new(
        "fit",
        "fit --data TRAIN.csv --output DIR [--model MODEL.onnx] [flags]",
        """
        Makes the artefact that the explainers start from, out of a CSV of training data and, if the explainer is to
        score itself, the model. The columns' names come from the first line. Columns with text are categories, numbered
        in the order of their characters' codes, as scikit-learn's encoders do; all others are numbers unless named.
        """,
        [
            new("data", "FILE", "The CSV the model was trained on, with a header. Required."),
            new("output", "DIR", "The directory to make. Required."),
            new("model", "FILE", "The ONNX model; checked against the data and put in. Default: none, a predictor scores."),
            new("model_output", "NAME", "The model's output that is explained. Default: the one that holds scores by its form."),
            new("label", "COLUMN", "The column the model learned to say; no feature. Its texts name the classes."),
            new("drop", "A,B", "Columns that are no features either. Default: none."),
            new("categorical", "A,B|auto", "Columns whose whole numbers are codes of categories. Default: auto, columns with text only."),
            new("category_names", "FILE", "JSON with the names of codes, {\"Workclass\": [\"?\", \"Private\"]}; a column's index may stand for its name."),
            new("classes", "A,B", "The classes in the order of the model's outputs. Default: the label's texts, if they are texts."),
            new("background", "N", "How many rows stand for what is not known in Shapley values. Default: 100."),
            new("background_method", "NAME", "auto, kmeans or sample. Default: auto, which samples where there are categories."),
            new("background_file", "FILE", "A CSV of these rows instead; a column weight weighs them."),
            new("explainer", "A,B", "The explainers, the default first. Default: AnchorTabular,Shap; Shap for regressions."),
            new("seed", "N", "What random choices start from. Default: 0."),
            new("force", "", "Write over an artefact that is there."),
        ]);

    /// <summary>Reads what was asked for.</summary>
    /// <returns>The plan; it counts only when there are no errors.</returns>
    public static FitPlan Read(FlagValues flags)
    {
        string[] categorical = flags.List("categorical");
        string method = flags.Choice("background_method", "auto", s_methods);
        string? file = flags.Text("background_file");
        if (file is not null && (flags.Text("background") ?? flags.Text("background_method")) is not null)
        {
            flags.Errors.Add("--background_file says which rows; leave out --background and --background_method");
        }

        IReadOnlyList<string>? classes = flags.Text("classes") is null ? null : flags.List("classes");
        foreach (string twice in (classes ?? []).GroupBy(static c => c).Where(static g => g.Count() > 1).Select(static g => g.Key))
        {
            flags.Errors.Add($"--classes names '{twice}' more than once");
        }

        return new FitPlan
        {
            Data = flags.Required("data", "the CSV the model was trained on"),
            Output = flags.Required("output", "the directory to make"),
            Model = flags.Text("model"),
            ModelOutput = flags.Text("model_output"),
            Label = flags.Text("label"),
            Drop = flags.List("drop"),
            Categorical = categorical is ["auto"] ? [] : categorical,
            CategoryNames = Names(flags),
            Classes = classes,
            BackgroundRows = flags.Number("background", 100, 1, 100_000),
            BackgroundMethod = method,
            BackgroundFile = file,
            Explainers = flags.List("explainer"),
            Seed = flags.Number("seed", 0, 0, int.MaxValue),
            Force = flags.Switch("force"),
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> Names(FlagValues flags)
    {
        Dictionary<string, IReadOnlyList<string>> names = new(StringComparer.Ordinal);
        if (flags.Text("category_names") is not { } file)
        {
            return names;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonProperty column in json.RootElement.EnumerateObject())
            {
                string[] categories = [.. column.Value.EnumerateArray().Select(static name => name.GetString() ?? "")];
                names[column.Name] = categories;
                foreach (string twice in categories.GroupBy(static c => c).Where(static g => g.Count() > 1).Select(static g => g.Key))
                {
                    flags.Errors.Add($"--category_names {file}: '{column.Name}' has '{twice}' more than once");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            flags.Errors.Add($"--category_names {file}: {e.Message.TrimEnd('.')}; it must hold lists of names by column, {{\"Workclass\": [\"?\", \"Private\"]}}");
        }

        return names;
    }
}
