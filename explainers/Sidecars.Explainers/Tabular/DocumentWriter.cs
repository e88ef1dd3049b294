using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidecars.Explainers.Tabular;

/// <summary>Writes explainer.json, for people to read as well.</summary>
internal static class DocumentWriter
{
    public static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, ExplainerDocument document)
    {
        json.WriteStartObject();
        json.WriteString("schema", ExplainerDocument.Version);
        json.WriteStartArray("features");
        foreach (TabularFeature feature in document.Features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            if (feature.Categories is { } categories)
            {
                WriteTexts(json, "categories", categories);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (document.Classes is { } classes)
        {
            WriteTexts(json, "classes", classes);
        }

        WriteIfAny(json, "data", document.Data);
        if (document.Background is { } background)
        {
            json.WriteStartObject("background");
            json.WriteNumber("rows", background.Rows);
            json.WriteString("method", background.Method);
            json.WriteString("file", background.File);
            json.WriteEndObject();
        }

        WriteIfAny(json, "model", document.Model);
        WriteIfAny(json, "output", document.Output);
        json.WriteStartArray("explainers");
        foreach (ExplainerDefinition explainer in document.Explainers)
        {
            json.WriteStartObject();
            json.WriteString("type", explainer.Type);
            json.WriteStartObject("options");
            foreach ((string name, JsonElement value) in explainer.Options ?? new Dictionary<string, JsonElement>())
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string key, string? text)
    {
        if (text is not null)
        {
            json.WriteString(key, text);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string key, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
