using System.Text.Json.Nodes;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// A request to try an explainer with: one row that the artefact has. Features and categories are named where the artefact's
/// model answers predictions; a predictor elsewhere gets them as they come, and takes a list of numbers.
/// </summary>
internal static class ExampleRow
{
    /// <summary>Takes the first row of the training data, else of the background.</summary>
    /// <returns>A V1 request; null when the artefact has no rows.</returns>
    public static JsonObject? Of(ExplainerArtifact artifact)
    {
        if ((artifact.Data ?? artifact.Background?.Rows) is not { Rows: > 0 } rows)
        {
            return null;
        }

        IEnumerable<(TabularFeature Feature, float Value)> values = artifact.Schema.Features.Zip(rows[0].ToArray());
        JsonNode row = artifact.ModelPath is null
            ? new JsonArray([.. values.Select(static v => Number(v.Value))])
            : new JsonObject(values.Select(static v => KeyValuePair.Create(v.Feature.Name, Named(v.Feature, v.Value))));
        return new JsonObject { ["instances"] = new JsonArray(row) };
    }

    private static JsonNode? Named(TabularFeature feature, float value) =>
        feature.Categories is { } names && value >= 0 && value < names.Count ? JsonValue.Create(names[(int)value]) : Number(value);

    private static JsonNode? Number(float value) => float.IsFinite(value) ? JsonValue.Create(value) : null;
}
