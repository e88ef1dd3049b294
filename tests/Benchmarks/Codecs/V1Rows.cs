using System.Globalization;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Sidecars.Protocol;

namespace Sidecars.Benchmarks;

/// <summary>64 rows of 30 numbers: JSON to floats and back. The rival is System.Text.Json with a source of floats.</summary>
[MemoryDiagnoser]
public class V1Rows
{
    private const int Rows = 64, Columns = 30;

    private readonly byte[] _json;
    private readonly float[] _values;

    public V1Rows()
    {
        _values = [.. Enumerable.Range(0, Rows * Columns).Select(i => (float)Math.Sin(1.7 * i) * 1.234567f)];
        var text = new StringBuilder("{\"instances\":[");
        for (int row = 0; row < Rows; row++)
        {
            text.Append(row == 0 ? "[" : ",[");
            text.AppendJoin(',', Enumerable.Range(0, Columns).Select(
                c => Math.Round(_values[(row * Columns) + c], 4).ToString(CultureInfo.InvariantCulture)));
            text.Append(']');
        }

        _json = Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    [Benchmark]
    public float Read()
    {
        using var request = new InferRequest(WireForm.V1, _json, MediaTypes.Json);
        return request.Inputs[0].AsSpan<float>()[^1];
    }

    [Benchmark]
    public float ReadWithJsonDocument()
    {
        using JsonDocument document = JsonDocument.Parse(_json);
        float last = 0;
        foreach (JsonElement row in document.RootElement.GetProperty("instances").EnumerateArray())
        {
            foreach (JsonElement value in row.EnumerateArray())
            {
                last = value.GetSingle();
            }
        }

        return last;
    }

    [Benchmark]
    public long Write()
    {
        using InferRequest request = InferRequest.FromRows(_values, Columns);
        using WirePayload payload = RequestEncoder.Encode(request, PredictorProtocol.V1, "m", null);
        return payload.Length;
    }

    [Benchmark]
    public long WriteWithUtf8JsonWriter()
    {
        using var buffer = new PooledBuffer(32 << 10);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteStartArray("instances"u8);
        for (int row = 0; row < Rows; row++)
        {
            writer.WriteStartArray();
            foreach (float value in _values.AsSpan(row * Columns, Columns))
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.Length;
    }
}
