using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tabular;

/// <summary>Puts an explainer that the command line or code chose in front of those a document has.</summary>
internal static class DefinitionMerge
{
    public static ExplainerDocument Put(ExplainerDocument document, ExplainerDefinition first, Problems problems)
    {
        if (OptionTable.Find(first.Type) is not { } table)
        {
            problems.Add($"the explainer chosen is '{first.Type}'; known: {OptionTable.KnownTypes}");
            return document;
        }

        var options = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in document.Explainers.FirstOrDefault(e => e.Type == first.Type)?.Options ?? new Dictionary<string, JsonElement>())
        {
            options[table.Option(name)!.Name] = value;
        }

        var settings = new ExplainerSettings();
        foreach ((string name, JsonElement value) in first.Options ?? new Dictionary<string, JsonElement>())
        {
            if (table.Set(ref settings, name, new OptionInput(value), atStart: true) is { } problem)
            {
                problems.Add($"the explainer chosen: {problem}");
            }
            else
            {
                options[table.Option(name)!.Name] = value;
            }
        }

        return document with { Explainers = [new ExplainerDefinition(first.Type, options), .. document.Explainers.Where(e => e.Type != first.Type)] };
    }
}
