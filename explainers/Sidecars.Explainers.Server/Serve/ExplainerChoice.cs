using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Server.Serve;

/// <summary>
/// Reads the form that manifests for KServe's Python server have: general flags, the explainer's name, its options as
/// flags. KServe appends flags of its own, so general ones may follow the name too; a flag that is neither is refused.
/// </summary>
internal static class ExplainerChoice
{
    private static readonly string[] s_notOffered = ["AnchorText", "AnchorImages"];

    /// <summary>Reads the choice.</summary>
    /// <param name="builder">The command line, read.</param>
    /// <param name="own">Flags of the server that are no option of an explainer.</param>
    /// <param name="errors">Where it is said what is wrong.</param>
    /// <returns>The explainer and its options; null when none was named.</returns>
    public static ExplainerDefinition? Read(SidecarApplicationBuilder builder, IReadOnlyCollection<string> own, List<string> errors)
    {
        // The words of a boolean after a switch are let pass, as KServe's server does.
        string[] words = [.. builder.Words.Where(static w => !w.StartsWith('-') && !bool.TryParse(w, out _))];
        if (words.Length == 0)
        {
            return null;
        }

        OptionTable? table = OptionTable.Find(words[0]);
        if (table is null)
        {
            errors.Add(s_notOffered.Contains(words[0])
                ? $"{words[0]} is not offered: this server explains rows of tables; it knows {OptionTable.KnownTypes}"
                : $"'{words[0]}' is no command and no explainer; commands: serve, fit, explain; explainers: {OptionTable.KnownTypes}");
            return null;
        }

        errors.AddRange(words.Skip(1).Select(word => $"'{word}' after {table.Type} belongs to no flag; write --option value"));
        ExplainerSettings settings = new();
        List<string> given = [];
        foreach ((string name, string? value) in builder.OtherFlags.Where(flag => !own.Contains(flag.Key)))
        {
            if (table.Set(ref settings, name, new OptionInput(value ?? ""), atStart: true) is { } problem)
            {
                errors.Add(table.Option(name) is null ? $"--{name}: {problem}" : $"{table.Type}: {problem}");
            }
            else
            {
                given.Add(name);
            }
        }

        return new ExplainerDefinition(table.Type, given.ToDictionary(static name => name, name => Json(table.Option(name)!, settings)));
    }

    /// <summary>The option as an artefact has it.</summary>
    private static JsonElement Json(ExplainerOption option, ExplainerSettings settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            option.Write(json, settings);
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
