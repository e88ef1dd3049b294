using System.Text.Json;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>What <c>explain</c> was asked for.</summary>
internal sealed record ExplainPlan
{
    public required string Input { get; init; }

    public required string Output { get; init; }

    public string? Format { get; init; }

    public string? Explainer { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public Shard Shard { get; init; } = Shard.Whole;

    public int Parallel { get; init; }

    /// <summary>Reads the flags and the environment; it counts only when there are no errors.</summary>
    public static ExplainPlan Read(FlagValues flags)
    {
        string output = flags.Required("output", "a file for the lines, or - for standard output");
        string? given = flags.Text("shard");
        Shard shard = Shard.Read(given, Environment.GetEnvironmentVariable, flags.Errors);
        if (given is null && shard.Count > 1 && output != "-" && !output.Contains(ExplainFlags.ShardMark, StringComparison.Ordinal))
        {
            flags.Errors.Add($"--output is '{output}', and {Shard.IndexVariable} says that this is one of {shard.Count} pods: put {ExplainFlags.ShardMark} "
                + "into the name, or they would write into one file");
        }

        string? explainer = flags.Text("explainer");
        if (explainer is not null && OptionTable.Find(explainer) is null)
        {
            flags.Errors.Add($"--explainer is '{explainer}'; known: {OptionTable.KnownTypes}");
        }

        return new ExplainPlan
        {
            Input = flags.Required("input", "rows as CSV or JSON lines, or - for standard input"),
            Output = output.Replace(ExplainFlags.ShardMark, shard.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal),
            Format = flags.Text("format") is null ? null : flags.Choice("format", "csv", "csv", "jsonl"),
            Explainer = explainer,
            Parameters = ReadParameters(flags),
            Shard = shard,
            Parallel = flags.Number("parallel", Environment.ProcessorCount, 1, 1024),
        };
    }

    /// <summary>What the parameters say that the explainer does not take.</summary>
    public IEnumerable<string> WrongParameters(string explainer)
    {
        OptionTable table = OptionTable.Find(explainer)!;
        ExplainerSettings settings = new();
        foreach ((string name, string value) in Parameters)
        {
            if (table.Set(ref settings, name, new OptionInput(value), atStart: false) is { } problem)
            {
                yield return "--parameters: " + problem;
            }
        }
    }

    private static Dictionary<string, string> ReadParameters(FlagValues flags)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        if (flags.Text("parameters") is not { } text)
        {
            return parameters;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                parameters[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            flags.Errors.Add($"--parameters is '{text}'; it must be a JSON object, {{\"threshold\": 0.9}}");
        }

        return parameters;
    }
}
