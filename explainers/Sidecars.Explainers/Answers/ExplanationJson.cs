using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>What all explanations have in their <c>meta</c>, in the order that alibi writes it.</summary>
internal static class ExplanationJson
{
    /// <summary>Ours, not alibi's: who made the answer.</summary>
    public static string Version { get; } = typeof(ExplanationJson).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>The options that count here, each with the value it had.</summary>
    public static void WriteOptions(Utf8JsonWriter json, IEnumerable<ExplainerOption> options, ExplainerSettings settings)
    {
        foreach (ExplainerOption option in options)
        {
            json.WritePropertyName(option.Name);
            option.Write(json, settings);
        }
    }

    public static void WriteNoKeywords(Utf8JsonWriter json)
    {
        json.WriteStartObject("kwargs");
        json.WriteEndObject();
    }
}
