using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// Writes varied rows as the caller put his own, so that the model's hooks see what they see of callers: lists or objects,
/// one tensor or one for each feature, categories by name where he named them.
/// </summary>
internal sealed class RowWriter(TabularSchema schema, RequestedRows like)
{
    public InferRequest Write(ReadOnlyMemory<float> rows, int count) => like.Form switch
    {
        RowForm.Lists or RowForm.Objects => InferRequest.FromBody(Json(rows.Span, count)),
        RowForm.Columns => InferRequest.FromTensors([.. like.Keys!.Select(key => Column(key, rows.Span, count))]),
        _ => InferRequest.FromTensors(Array.Exists(like.Named, static n => n) ? Texts(rows.Span, count)
            : Tensor.Create(like.Keys![0], rows.ToArray(), count, schema.Features.Count)),
    };

    private ReadOnlyMemory<byte> Json(ReadOnlySpan<float> rows, int count)
    {
        var buffer = new ArrayBufferWriter<byte>(rows.Length * 8);
        using var json = new Utf8JsonWriter(buffer, JsonNumbers.Options);
        json.WriteStartObject();
        json.WriteStartArray("instances");
        int features = schema.Features.Count;
        for (int row = 0; row < count; row++)
        {
            if (like.Form == RowForm.Objects)
            {
                json.WriteStartObject();
            }
            else
            {
                json.WriteStartArray();
            }

            for (int f = 0; f < features; f++)
            {
                if (like.Form == RowForm.Objects)
                {
                    json.WritePropertyName(schema.Features[f].Name);
                }

                float value = rows[(row * features) + f];
                if (like.Named[f])
                {
                    json.WriteStringValue(schema.Features[f].Categories![(int)value]);
                }
                else if (float.IsFinite(value))
                {
                    json.WriteNumberValue(value);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            if (like.Form == RowForm.Objects)
            {
                json.WriteEndObject();
            }
            else
            {
                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private Tensor Column(string name, ReadOnlySpan<float> rows, int count)
    {
        int features = schema.Features.Count;
        int f = Enumerable.Range(0, features).First(i => schema.Features[i].Name == name);
        float[] values = new float[count];
        for (int row = 0; row < count; row++)
        {
            values[row] = rows[(row * features) + f];
        }

        return like.Named[f]
            ? Tensor.FromStrings(name, Array.ConvertAll(values, v => schema.Features[f].Categories![(int)v]), count)
            : Tensor.Create(name, values, count);
    }

    private Tensor Texts(ReadOnlySpan<float> rows, int count)
    {
        int features = schema.Features.Count;
        string[] texts = new string[rows.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = like.Named[i % features] ? schema.Features[i % features].Categories![(int)rows[i]]
                : float.IsNaN(rows[i]) ? "" : rows[i].ToString("R", CultureInfo.InvariantCulture);
        }

        return Tensor.FromStrings(like.Keys![0], texts, count, features);
    }
}
