using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>What <c>fit</c> prints at its end: how the artefact is served, and a request that works.</summary>
internal static class NextSteps
{
    public static string Text(FitPlan plan, ExplainerArtifact artifact)
    {
        TabularSchema schema = artifact.Schema;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{plan.Output}: {schema.Features.Count} features ({schema.Features.Count(static f => f.IsCategorical)} categorical)")
            .Append(schema.Classes is { } classes ? $", classes {string.Join(", ", classes)}" : "")
            .Append("; ").AppendJoin(", ", artifact.Document.Explainers.Select(static e => e.Type)).Append('\n')
            .Append("Serve it:\n  ").Append(Command.Program).Append(" --model_dir ").Append(plan.Output)
            .Append(plan.Model is null ? " --predictor_host HOST --model_name NAME\n" : "\n")
            .Append("Ask it:\n  curl -s localhost:8080/v1/models/").Append(plan.Model is null ? "NAME" : "model")
            .Append(":explain --json '{\"instances\":[").Append(Row(artifact).Replace("'", "'\\''", StringComparison.Ordinal)).Append("]}'\n");
        return text.ToString();
    }

    private static string Row(ExplainerArtifact artifact)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            for (int i = 0; i < artifact.Schema.Features.Count; i++)
            {
                float value = artifact.Data![0][i];
                if (artifact.Schema.Features[i].Categories is { } names)
                {
                    json.WriteStringValue(names[(int)value]);
                }
                else if (float.IsNaN(value))
                {
                    json.WriteNullValue();
                }
                else
                {
                    json.WriteNumberValue(value);
                }
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
