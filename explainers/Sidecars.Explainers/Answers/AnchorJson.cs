using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>
/// Writes an anchor as alibi writes its own, key for key, and what is ours beside it. Where alibi's shape changes for an
/// anchor without conditions (a list for a number), ours does not.
/// </summary>
internal static class AnchorJson
{
    public static void Write(Utf8JsonWriter json, AnswerSource source, AnchorExplanation anchor, RunFacts run)
    {
        json.WriteStartObject();
        WriteMeta(json, source.Table, source.Settings, run);
        json.WriteStartObject("data");
        json.WriteTexts("anchor", anchor.Names);
        WriteNumber(json, "precision", anchor.Precision);
        WriteNumber(json, "coverage", anchor.Coverage);
        json.WriteString("status", Status(anchor.Status));
        json.WritePropertyName("precision_interval");
        json.WriteList([anchor.PrecisionInterval.Low, anchor.PrecisionInterval.High]);
        WriteNumber(json, "confidence", anchor.Confidence);
        WriteRaw(json, source.Schema, anchor);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, OptionTable table, ExplainerSettings settings, RunFacts run)
    {
        json.WriteStartObject("meta");
        json.WriteString("name", "AnchorTabular");
        json.WriteTexts("type", ["blackbox"]);
        json.WriteTexts("explanations", ["local"]);
        json.WriteStartObject("params");
        ExplanationJson.WriteOptions(json, table.Options.Where(static o => o.Name != CommonOptions.Deadline.Name), settings);
        ExplanationJson.WriteNoKeywords(json);
        ExplanationJson.WriteOptions(json, [CommonOptions.Deadline], settings);
        json.WriteEndObject();
        json.WriteString("version", ExplanationJson.Version);
        run.Write(json);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, TabularSchema schema, AnchorExplanation anchor)
    {
        IReadOnlyList<AnchorStep> steps = anchor.Steps;
        json.WriteStartObject("raw");
        json.WriteStartArray("feature");
        foreach (AnchorStep step in steps)
        {
            json.WriteNumberValue(step.Feature);
        }

        json.WriteEndArray();
        double[] precisions = [.. steps.Select(static s => s.Precision)];
        json.WritePropertyName("mean");
        json.WriteList(precisions);
        json.WritePropertyName("precision");
        json.WriteList(precisions);
        json.WritePropertyName("coverage");
        json.WriteList([.. steps.Select(static s => s.Coverage)]);
        json.WriteStartArray("examples");
        foreach (AnchorStep step in steps)
        {
            WriteExamples(json, step);
        }

        json.WriteEndArray();
        WriteNumber(json, "all_precision", anchor.BasePrecision);
        json.WriteNumber("num_preds", anchor.Predictions);
        json.WriteBoolean("success", anchor.Status == AnchorStatus.Met);
        json.WriteTexts("names", anchor.Names);
        json.WriteStartArray("prediction");
        json.WriteNumberValue(anchor.Label);
        json.WriteEndArray();
        json.WritePropertyName("instance");
        json.WriteRow(anchor.Instance.Span);
        json.WriteStartArray("instances");
        json.WriteRow(anchor.Instance.Span);
        json.WriteEndArray();
        WritePredicates(json, schema, anchor.Predicates);
        json.WriteEndObject();
    }

    private static void WriteExamples(Utf8JsonWriter json, AnchorStep step)
    {
        json.WriteStartObject();
        json.WritePropertyName("covered_true");
        json.WriteRows(step.CoveredTrue);
        json.WritePropertyName("covered_false");
        json.WriteRows(step.CoveredFalse);
        json.WriteTexts("uncovered_true", []);
        json.WriteTexts("uncovered_false", []);
        json.WriteEndObject();
    }

    private static void WritePredicates(Utf8JsonWriter json, TabularSchema schema, IReadOnlyList<AnchorPredicate> predicates)
    {
        json.WriteStartArray("predicates");
        foreach (AnchorPredicate predicate in predicates)
        {
            TabularFeature feature = schema.Features[predicate.Feature];
            json.WriteStartObject();
            json.WriteString("feature", feature.Name);
            json.WriteNumber("index", predicate.Feature);
            if (predicate.Equal is { } code)
            {
                json.WriteNumber("eq", code);
                json.WriteString("category", feature.Categories?.ElementAtOrDefault(code));
            }

            if (predicate.Gt is { } low)
            {
                json.WriteNumber("gt", low);
            }

            if (predicate.Le is { } high)
            {
                json.WriteNumber("le", high);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string key, double value)
    {
        json.WritePropertyName(key);
        json.WriteFinite(value);
    }

    private static string Status(AnchorStatus status) => status switch
    {
        AnchorStatus.Met => "met",
        AnchorStatus.NotMet => "not_met",
        _ => "out_of_time",
    };
}
