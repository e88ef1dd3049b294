namespace Sidecars.Protocol;

/// <summary>The parameters of requests, answers and tensors.</summary>
internal static class InferParameters
{
    /// <summary>The one parameter that may be an object: what MLServer's clients send to explainers.</summary>
    private static ReadOnlySpan<byte> ExplainParameters => "explain_parameters"u8;

    public static readonly IReadOnlyDictionary<string, object> None = new Dictionary<string, object>();

    /// <summary>Reads the parameters of a V2 JSON object: numbers, booleans and strings; null counts as absent.</summary>
    public static Dictionary<string, object>? Read(ref JsonCursor cursor) => Read(ref cursor, default, out _);

    /// <summary>Reads those of a whole request, where <c>explain_parameters</c> may be an object: it stays a JSON element.</summary>
    public static Dictionary<string, object>? ReadOfRequest(ref JsonCursor cursor) => Read(ref cursor, default, out _, ofRequest: true);

    /// <summary>The same, and tells whether a key stood there with null.</summary>
    public static Dictionary<string, object>? Read(ref JsonCursor cursor, ReadOnlySpan<byte> watched, out bool watchedIsNull, bool ofRequest = false)
    {
        watchedIsNull = false;
        if (cursor.TryReadNull())
        {
            return null;
        }

        if (cursor.Peek() != (byte)'{')
        {
            throw InferenceException.InvalidInput("'parameters' must be an object");
        }

        Dictionary<string, object>? parameters = null;
        bool first = true;
        while (cursor.NextKey(ref first, out ReadOnlySpan<byte> key))
        {
            string name = System.Text.Encoding.UTF8.GetString(key);
            if (ofRequest && key.SequenceEqual(ExplainParameters) && cursor.Peek() == (byte)'{')
            {
                int from = cursor.Position;
                cursor.SkipValue();
                var reader = new System.Text.Json.Utf8JsonReader(cursor.Json[from..cursor.Position]);
                (parameters ??= [])[name] = System.Text.Json.JsonElement.ParseValue(ref reader);
                continue;
            }

            object? value = cursor.ReadScalar(out bool isScalar);
            if (!isScalar)
            {
                throw InferenceException.InvalidInput($"parameter '{name}' must be a number, a boolean or a string");
            }

            if (value is not null)
            {
                (parameters ??= [])[name] = value;
            }
            else if (key.SequenceEqual(watched))
            {
                watchedIsNull = true;
            }
        }

        return parameters;
    }
}
