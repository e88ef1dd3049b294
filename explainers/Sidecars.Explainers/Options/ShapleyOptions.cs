using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sidecars.Explainers.Options;

/// <summary>The options of the Shapley family, by the names that users of alibi and shap know where those have them.</summary>
internal static partial class ShapleyOptions
{
    private static readonly ExplainerOption s_link = OptionKinds.Choice(
        "link", "The scale on which values add up; logit is for probabilities.",
        [("identity", ShapLink.Identity), ("logit", ShapLink.Logit)],
        static s => s.Shap.Link, static (s, v) => s with { Shap = s.Shap with { Link = v } });

    private static readonly ExplainerOption s_samples = OptionKinds.Int(
        "nsamples", "How many coalitions a row may take; from 2^M - 2 for M players values are exact.", 1,
        static s => s.Shap.NSamples, static (s, v) => s with { Shap = s.Shap with { NSamples = v } }, none: "2 M + 2048")
        with
        {
            Allowed = "a whole number from 1, or \"auto\" or null: 2 M + 2048",
            Schema = """{"anyOf":[{"type":["integer","null"],"minimum":1,"maximum":2147483647},{"const":"auto"}]}""",
            Set = static (s, input) =>
                input.IsNull || input.Text == "auto" ? s with { Shap = s.Shap with { NSamples = null } }
                : input.Whole is >= 1 and <= int.MaxValue and { } count ? s with { Shap = s.Shap with { NSamples = (int)count } }
                : null,
        };

    private static readonly ExplainerOption s_l1 = new()
    {
        Name = "l1_reg",
        Help = "Choose players before the fit, which biases values.",
        Allowed = "off, auto, aic, bic, num_features(k), or a number above 0, the penalty of a lasso; false and 0 are off",
        Schema = """{"anyOf":[{"enum":["off","auto","aic","bic",false]},{"type":"string","pattern":"^num_features\\([1-9][0-9]{0,5}\\)$"},{"type":"number","minimum":0}]}""",
        Set = static (s, input) => Selection(input) is { } text ? s with { Shap = s.Shap with { L1Reg = text } } : null,
        Write = static (json, s) => json.WriteStringValue(s.Shap.L1Reg),
    };

    private static readonly ExplainerOption s_groups = new()
    {
        Name = "groups",
        Help = "Columns that come and go together, by their indices; every column in exactly one group.",
        Allowed = "a list of lists of column indices, or null: every column on its own",
        Schema = """{"anyOf":[{"type":"null"},{"type":"array","minItems":1,"items":{"type":"array","minItems":1,"items":{"type":"integer","minimum":0,"maximum":2147483647}}}]}""",
        Set = static (s, input) => input.IsNull ? s with { Shap = s.Shap with { Groups = null } }
            : Groups(input) is { } groups ? s with { Shap = s.Shap with { Groups = groups } } : null,
        Write = static (json, s) => WriteList(json, s.Shap.Groups, static (to, group) => WriteList(to, group, static (each, column) => each.WriteNumberValue(column))),
    };

    private static readonly ExplainerOption s_groupNames = new()
    {
        Name = "group_names",
        Help = "The names of the groups.",
        Allowed = "a list of texts, one for each group, or null: numbered",
        Schema = """{"anyOf":[{"type":"null"},{"type":"array","minItems":1,"items":{"type":"string"}}]}""",
        Set = static (s, input) => input.IsNull ? s with { Shap = s.Shap with { GroupNames = null } }
            : input.List is { Count: > 0 } names && names.All(static n => n.Text is not null)
                ? s with { Shap = s.Shap with { GroupNames = [.. names.Select(static n => n.Text!)] } }
                : null,
        Write = static (json, s) => WriteList(json, s.Shap.GroupNames, static (to, name) => to.WriteStringValue(name)),
    };

    private static readonly ExplainerOption s_stop = OptionKinds.Number(
        "stop_at_error", "Sampling ends when the largest standard error is below this share of the spread of values.", 0, null, mostAllowed: false,
        static s => s.Shap.StopAt, static (s, v) => s with { Shap = s.Shap with { StopAt = v } }, none: "when nsamples are used");

    private static readonly ExplainerOption s_output = OptionKinds.Choice(
        "model_output", "What is explained of a tree ensemble or linear model: the sum before the last transformation, or probabilities.",
        [("auto", ShapModelOutput.Auto), ("raw", ShapModelOutput.Raw), ("probability", ShapModelOutput.Probability)],
        static s => s.Shap.ModelOutput, static (s, v) => s with { Shap = s.Shap with { ModelOutput = v } });

    private static readonly ExplainerOption s_algorithm = OptionKinds.Choice(
        "algorithm", "What a tree does with an absent feature: takes it from the background, or goes both ways.",
        [("auto", TreeShapAlgorithm.Auto), ("interventional", TreeShapAlgorithm.Interventional), ("tree_path_dependent", TreeShapAlgorithm.TreePathDependent)],
        static s => s.Shap.Algorithm, static (s, v) => s with { Shap = s.Shap with { Algorithm = v } });

    private static readonly ExplainerOption s_interactions = OptionKinds.Bool(
        "interactions", "Whether interaction values are wanted as well.",
        static s => s.Shap.Interactions, static (s, v) => s with { Shap = s.Shap with { Interactions = v } });

    private static readonly ExplainerOption s_summarise = OptionKinds.Bool(
        "summarise_background", "Whether the background is a summary of the data it was given.",
        static s => s.SummariseBackground, static (s, v) => s with { SummariseBackground = v })
        with { AtStart = true, NoEffectBecause = "the key background of explainer.json says how" };

    public static IReadOnlyList<ExplainerOption> Kernel { get; } =
        [s_link, s_groupNames, s_groups, s_summarise, s_samples, s_l1, s_stop, CommonOptions.Seed, CommonOptions.Deadline];

    public static IReadOnlyList<ExplainerOption> Tree { get; } =
        [s_output, s_summarise, s_interactions, s_algorithm, s_link, CommonOptions.Seed, CommonOptions.Deadline];

    public static IReadOnlyList<ExplainerOption> Linear { get; } =
        [s_output, s_link, s_groupNames, s_groups, s_summarise, CommonOptions.Seed, CommonOptions.Deadline];

    public static IReadOnlyList<ExplainerOption> Any { get; } =
        [s_link, s_output, s_algorithm, s_interactions, s_groupNames, s_groups, s_summarise, s_samples, s_l1, s_stop, CommonOptions.Seed, CommonOptions.Deadline];

    [GeneratedRegex(@"^num_features\([1-9][0-9]{0,5}\)$")]
    private static partial Regex NumFeatures();

    private static string? Selection(OptionInput input)
    {
        if (input.Number is { } penalty)
        {
            return penalty == 0 ? "off" : penalty > 0 ? penalty.ToString("R", CultureInfo.InvariantCulture) : null;
        }

        return input.Text is { } text
            ? text is "off" or "auto" or "aic" or "bic" || NumFeatures().IsMatch(text) ? text : text.ToLowerInvariant() is "false" ? "off" : null
            : input.Flag == false ? "off" : null;
    }

    private static int[][]? Groups(OptionInput input)
    {
        if (input.List is not { Count: > 0 } lists)
        {
            return null;
        }

        List<int[]> groups = [];
        foreach (OptionInput list in lists)
        {
            if (list.List is not { Count: > 0 } columns || columns.Any(static c => c.Whole is not (>= 0 and <= int.MaxValue)))
            {
                return null;
            }

            groups.Add([.. columns.Select(static c => (int)c.Whole!.Value)]);
        }

        return [.. groups];
    }

    private static void WriteList<T>(Utf8JsonWriter json, IReadOnlyList<T>? list, Action<Utf8JsonWriter, T> write)
    {
        if (list is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (T each in list)
        {
            write(json, each);
        }

        json.WriteEndArray();
    }
}
