using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// CloudEvents over HTTP as KServe's server reads and writes them: binary mode in <c>ce-</c> headers, structured mode
/// in the body. Null stands for a request that is no event.
/// </summary>
internal sealed class CloudEvent
{
    private static readonly string[] s_structured = ["time", "type", "source", "id", "specversion", "data"];

    private readonly bool _binary;
    private readonly bool _structured;
    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    private CloudEvent(bool binary, bool structured)
    {
        _binary = binary;
        _structured = structured;
    }

    public static CloudEvent? Of(HttpRequest http)
    {
        IHeaderDictionary headers = http.Headers;
        bool structured = MediaTypes.Is(http.ContentType, MediaTypes.CloudEvent);
        bool binary = headers.ContainsKey("ce-specversion") && headers.ContainsKey("ce-source")
            && headers.ContainsKey("ce-type") && headers.ContainsKey("ce-id");
        if (!binary)
        {
            return structured ? new CloudEvent(false, true) : null;
        }

        var found = new CloudEvent(true, structured);
        foreach ((string name, var value) in headers)
        {
            if (name.StartsWith("ce-", StringComparison.OrdinalIgnoreCase))
            {
                found._attributes[name[3..].ToLowerInvariant()] = value.ToString();
            }
        }

        string version = found._attributes["specversion"];
        return version is "1.0" or "0.3"
            ? found
            : throw InferenceException.InvalidInput($"Cloud Event Exceptions: Found invalid specversion {version}");
    }

    /// <summary>The data of a binary event: JSON when it can be read as such, bytes otherwise.</summary>
    public InferRequest? Decode(HttpRequest http, ReadOnlyMemory<byte> body, int maxDepth)
    {
        if (!_binary)
        {
            return null;
        }

        if (body.IsEmpty)
        {
            throw JsonParsing.Unrecognized("the body is empty");
        }

        try
        {
            using JsonDocument document = JsonParsing.Parse(body, maxDepth);
            return new InferRequest(WireForm.V1, body, MediaTypes.Json);
        }
        catch (InferenceException e)
        {
            string? type = _attributes.GetValueOrDefault("content-type");
            return type is MediaTypes.Json or MediaTypes.CloudEvent
                ? throw InferenceException.InvalidInput("Failed to decode or parse binary json cloudevent: " + e.Message)
                : new InferRequest(WireForm.Opaque, body, http.ContentType);
        }
    }

    /// <summary>
    /// The data of a structured event, which any JSON content type may carry; null when the payload has not all of its
    /// attributes, and is then an ordinary payload.
    /// </summary>
    public static InferRequest? Unwrap(ReadOnlyMemory<byte> body, int maxDepth, ref CloudEvent? found)
    {
        if (body.Span.IndexOf("\"specversion\""u8) < 0)
        {
            return null;
        }

        using JsonDocument document = JsonParsing.Parse(body, maxDepth);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !s_structured.All(name => root.TryGetProperty(name, out _)))
        {
            return null;
        }

        string version = root.GetProperty("specversion"u8).ToString();
        if (version is not ("1.0" or "0.3"))
        {
            throw InferenceException.InvalidInput($"Cloud Event Exceptions: Found invalid specversion {version}");
        }

        if (found is not null)
        {
            foreach (JsonProperty attribute in root.EnumerateObject().Where(static p => p.Name != "data"))
            {
                found._attributes[attribute.Name] = attribute.Value.ToString();
            }
        }

        var data = new PooledBuffer();
        JsonText.WriteElement(data, root.GetProperty("data"u8));
        var request = new InferRequest(WireForm.V1, data.WrittenMemory, MediaTypes.Json);
        request.Own(data);
        return request;
    }

    /// <summary>
    /// Wraps an answer into an event: headers in binary mode, an envelope in structured mode. Text becomes a JSON string.
    /// </summary>
    public WirePayload Encode(HttpResponse http, WirePayload answer, bool isText, string model, TimeProvider time)
    {
        bool merge = Environment.GetEnvironmentVariable("CE_MERGE")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        string type = Environment.GetEnvironmentVariable("CE_TYPE") ?? "io.kserve.inference.response";
        string source = Environment.GetEnvironmentVariable("CE_SOURCE") ?? "io.kserve.inference." + model;
        string id = Guid.NewGuid().ToString();
        string now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture);
        var merged = _attributes.Where(a => merge && a.Key is not ("id" or "time" or "specversion" or "datacontenttype" or "content-type"));
        if (!_structured)
        {
            IHeaderDictionary headers = http.Headers;
            foreach ((string name, string value) in merged)
            {
                headers["ce-" + name] = value;
            }

            headers["ce-specversion"] = "1.0";
            headers["ce-id"] = id;
            headers["ce-time"] = now;
            SetUnlessMerged(headers, "ce-source", source, merge);
            SetUnlessMerged(headers, "ce-type", type, merge);
            return answer.ContentType == MediaTypes.Json || isText ? Spaced(answer) : answer;
        }

        if (merge)
        {
            type = _attributes.GetValueOrDefault("type") ?? type;
            source = _attributes.GetValueOrDefault("source") ?? source;
        }

        var to = new PooledBuffer();
        to.Write("{\"specversion\": \"1.0\", \"id\": "u8);
        JsonText.WriteString(to, id);
        to.Write(", \"source\": "u8);
        JsonText.WriteString(to, source);
        to.Write(", \"type\": "u8);
        JsonText.WriteString(to, type);
        to.Write(", \"time\": "u8);
        JsonText.WriteString(to, now);
        to.Write(", \"data\": "u8);
        using (answer)
        {
            WriteData(to, answer);
        }

        foreach ((string name, string value) in merged.Where(static a => a.Key is not ("type" or "source")))
        {
            to.Write(", "u8);
            JsonText.WriteString(to, name);
            to.Write(": "u8);
            JsonText.WriteString(to, value);
        }

        to.Write((byte)'}');
        return new WirePayload(to, null, MediaTypes.CloudEvent);
    }

    private static void SetUnlessMerged(IHeaderDictionary headers, string name, string value, bool merge)
    {
        if (!merge || !headers.ContainsKey(name))
        {
            headers[name] = value;
        }
    }

    private static void WriteData(PooledBuffer to, WirePayload answer)
    {
        byte[] body = [.. answer.Segments.SelectMany(static s => s.ToArray())];
        if (answer.ContentType == MediaTypes.Json)
        {
            JsonSpacing.Write(to, body);
        }
        else
        {
            JsonText.WriteString(to, System.Text.Encoding.UTF8.GetString(body));
        }
    }

    /// <summary>KServe writes event data with Python's default spacing.</summary>
    private static WirePayload Spaced(WirePayload answer)
    {
        var to = new PooledBuffer();
        using (answer)
        {
            WriteData(to, answer);
        }

        return new WirePayload(to, null, MediaTypes.Json);
    }
}
