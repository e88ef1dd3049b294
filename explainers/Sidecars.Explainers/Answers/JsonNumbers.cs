using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidecars.Explainers.Answers;

/// <summary>Writes numbers and lists of them: in their shortest form, and what is no number as null, because JSON has none of it.</summary>
internal static class JsonNumbers
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void WriteFinite(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    public static void WriteList(this Utf8JsonWriter json, ReadOnlySpan<double> values)
    {
        json.WriteStartArray();
        foreach (double value in values)
        {
            json.WriteFinite(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A row as its caller gave it: 0.1 stays 0.1.</summary>
    public static void WriteRow(this Utf8JsonWriter json, ReadOnlySpan<float> row)
    {
        json.WriteStartArray();
        foreach (float value in row)
        {
            if (float.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    public static void WriteRows(this Utf8JsonWriter json, TabularData rows)
    {
        json.WriteStartArray();
        for (int row = 0; row < rows.Rows; row++)
        {
            json.WriteRow(rows[row]);
        }

        json.WriteEndArray();
    }

    public static void WriteTexts(this Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
