using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Sidecars.Protocol;

/// <summary>V1 documents: <c>{"instances": […]}</c> and <c>{"predictions": […]}</c>, made of and read into values.</summary>
internal static class V1Json
{
    public static InferenceException NotAList(string key) =>
        InferenceException.InvalidInput($"Expected \"{key}\" to be a list");

    public static IReadOnlyList<Tensor> ReadInputs(InferRequest request, IReadOnlyList<TensorMetadata>? declared) =>
        new V1Reader(request, "input", declared).Read("instances"u8, "inputs"u8);

    public static IReadOnlyList<Tensor> ReadOutputs(InferResponse response, IReadOnlyList<TensorMetadata>? declared) =>
        new V1Reader(response, "output", declared).Read("predictions"u8, "outputs"u8);

    public static void WriteInstances(PooledBuffer to, IReadOnlyList<Tensor> tensors) =>
        V1Writer.Write(to, "instances"u8, "input", tensors);

    public static void WritePredictions(PooledBuffer to, IReadOnlyList<Tensor> tensors) =>
        V1Writer.Write(to, "predictions"u8, "output", tensors);

    public static IReadOnlyList<T> ReadRows<T>(JsonElement rows, string role, Func<JsonElement, T?> read)
    {
        if (rows.ValueKind != JsonValueKind.Array)
        {
            throw NotAList(role + "s");
        }

        T[] values = new T[rows.GetArrayLength()];
        int i = 0;
        foreach (JsonElement row in rows.EnumerateArray())
        {
            try
            {
                values[i] = read(row) ?? throw InferenceException.InvalidInput($"{role} {i} is null");
            }
            catch (JsonException e)
            {
                string member = e.Path is null or "$" ? "" : $" at {e.Path}";
                throw InferenceException.InvalidInput($"{role} {i}{member}: {RowProblem.Describe(e, row)}");
            }

            i++;
        }

        return values;
    }

    public static TMessage Build<T, TMessage>(
        ReadOnlySpan<byte> key, IReadOnlyList<T> rows, JsonTypeInfo<T> typeInfo, Func<PooledBuffer, TMessage> make)
    {
        var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
        {
            writer.WriteStartObject();
            writer.WriteStartArray(key);
            foreach (T row in rows)
            {
                JsonSerializer.Serialize(writer, row, typeInfo);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return make(buffer);
    }

    public static TMessage Build<T, TMessage>(T value, JsonTypeInfo<T> typeInfo, Func<PooledBuffer, TMessage> make)
    {
        var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
        {
            JsonSerializer.Serialize(writer, value, typeInfo);
        }

        return make(buffer);
    }

    public static TMessage Build<TMessage>(JsonNode? root, Func<PooledBuffer, TMessage> make)
    {
        var buffer = new PooledBuffer();
        if (root is null)
        {
            buffer.Write("null"u8);
        }
        else
        {
            using var writer = new Utf8JsonWriter(buffer, s_writing);
            root.WriteTo(writer);
        }

        return make(buffer);
    }

    public static TMessage Build<TMessage>(JsonElement root, Func<PooledBuffer, TMessage> make)
    {
        var buffer = new PooledBuffer();
        JsonText.WriteElement(buffer, root);
        return make(buffer);
    }

    // Nothing but what JSON itself demands is escaped: KServe's answers do not escape <, > and & either.
    private static readonly JsonWriterOptions s_writing = new()
    {
        Encoder = PlainJsonEncoder.Instance,
    };
}
