using System.Globalization;
using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>Writes Shapley values as alibi writes those of KernelShap and TreeShap, key for key, and what is ours beside them.</summary>
internal static class ShapJson
{
    public static void Write(Utf8JsonWriter json, AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run)
    {
        bool tree = shap.Method == "TreeShap";
        bool classifies = shap.Labels is not null;
        json.WriteStartObject();
        WriteMeta(json, source.Table, source.Settings, shap.Method, classifies, run);

        json.WriteStartObject("data");
        json.WritePropertyName("shap_values");
        WriteCube(json, shap, shap.Values);
        if (tree || shap.Interactions is not null)
        {
            json.WritePropertyName("shap_interaction_values");
            WriteInteractions(json, shap);
        }

        json.WritePropertyName("expected_value");
        json.WriteList(shap.ExpectedValue);
        WriteCategories(json, source.Schema);
        string[] players = source.Players(shap.Players);
        json.WriteTexts("feature_names", players);
        json.WritePropertyName("standard_errors");
        WriteCube(json, shap, shap.StandardErrors);

        json.WriteStartObject("raw");
        json.WritePropertyName("raw_prediction");
        WritePredictions(json, shap, squeeze: tree);
        if (tree)
        {
            json.WriteTexts("loss", []);
        }

        json.WriteStartArray("prediction");
        foreach (int label in shap.Labels ?? [])
        {
            json.WriteNumberValue(label);
        }

        json.WriteEndArray();
        json.WritePropertyName("instances");
        json.WriteRows(rows);
        if (tree)
        {
            json.WriteTexts("labels", []);
        }

        WriteImportances(json, shap, players);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, OptionTable table, ExplainerSettings settings, string method, bool classifies, RunFacts run)
    {
        json.WriteStartObject("meta");
        json.WriteString("name", method);
        json.WriteTexts("type", [method == "KernelShap" ? "blackbox" : "whitebox"]);
        json.WriteString("task", classifies ? "classification" : "regression");
        json.WriteTexts("explanations", ["local", "global"]);
        json.WriteStartObject("params");
        HashSet<string> written = ["seed"];
        void Option(string name)
        {
            written.Add(name);
            ExplanationJson.WriteOptions(json, OptionTable.Find("Shap")!.Options.Where(o => o.Name == name), settings);
        }

        if (method == "TreeShap")
        {
            Option("model_output");
            Option("summarise_background");
            json.WriteBoolean("summarise_result", false);
            json.WriteBoolean("approximate", false);
            Option("interactions");
            json.WriteBoolean("explain_loss", false);
            Option("algorithm");
        }
        else
        {
            Option("link");
            Option("group_names");
            json.WriteBoolean("grouped", settings.Shap.Groups is not null);
            Option("groups");
            json.WriteNull("weights");
            Option("summarise_background");
            json.WriteBoolean("summarise_result", false);
            json.WriteBoolean("transpose", false);
        }

        ExplanationJson.WriteNoKeywords(json);
        ExplanationJson.WriteOptions(json, table.Options.Where(o => !written.Contains(o.Name)).Prepend(CommonOptions.Seed), settings);
        json.WriteEndObject();
        json.WriteString("version", ExplanationJson.Version);
        run.Write(json);
        json.WriteEndObject();
    }

    /// <summary>[outputs][rows][players]; zeros where there is nothing.</summary>
    private static void WriteCube(Utf8JsonWriter json, ShapExplanation shap, double[]? values)
    {
        double[]? zeros = values is null ? new double[shap.Players] : null;
        json.WriteStartArray();
        for (int output = 0; output < shap.Outputs; output++)
        {
            json.WriteStartArray();
            for (int row = 0; row < shap.Rows; row++)
            {
                json.WriteList(zeros ?? values.AsSpan(((row * shap.Outputs) + output) * shap.Players, shap.Players));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>[outputs][rows][players][players]; as alibi, a list with an empty one in it where none were wanted.</summary>
    private static void WriteInteractions(Utf8JsonWriter json, ShapExplanation shap)
    {
        json.WriteStartArray();
        if (shap.Interactions is not { } values)
        {
            json.WriteList([]);
        }
        else
        {
            for (int output = 0; output < shap.Outputs; output++)
            {
                json.WriteStartArray();
                for (int row = 0; row < shap.Rows; row++)
                {
                    json.WriteStartArray();
                    for (int player = 0; player < shap.Players; player++)
                    {
                        json.WriteList(values.AsSpan(((((row * shap.Outputs) + output) * shap.Players) + player) * shap.Players, shap.Players));
                    }

                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
    }

    private static void WritePredictions(Utf8JsonWriter json, ShapExplanation shap, bool squeeze)
    {
        if (squeeze && shap.Outputs == 1)
        {
            json.WriteList(shap.RawPrediction);
            return;
        }

        json.WriteStartArray();
        for (int row = 0; row < shap.Rows; row++)
        {
            json.WriteList(shap.RawPrediction.AsSpan(row * shap.Outputs, shap.Outputs));
        }

        json.WriteEndArray();
    }

    private static void WriteCategories(Utf8JsonWriter json, TabularSchema schema)
    {
        json.WriteStartObject("categorical_names");
        for (int f = 0; f < schema.Features.Count; f++)
        {
            if (schema.Features[f].Categories is { } names)
            {
                json.WriteTexts(f.ToString(CultureInfo.InvariantCulture), names);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>For each output, and for all together, the players by the mean size of their values, largest first.</summary>
    private static void WriteImportances(Utf8JsonWriter json, ShapExplanation shap, string[] players)
    {
        json.WriteStartObject("importances");
        for (int output = 0; output < shap.Outputs; output++)
        {
            WriteRanking(json, output.ToString(CultureInfo.InvariantCulture), Importances.Of(shap, output), players);
        }

        WriteRanking(json, "aggregated", Importances.OfAll(shap), players);
        json.WriteEndObject();
    }

    private static void WriteRanking(Utf8JsonWriter json, string key, double[] effects, string[] players)
    {
        int[] order = Importances.Rank(effects);
        json.WriteStartObject(key);
        json.WritePropertyName("ranked_effect");
        json.WriteList([.. order.Select(p => effects[p])]);
        json.WriteTexts("names", order.Select(p => players[p]));
        json.WriteEndObject();
    }
}
