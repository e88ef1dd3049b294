using System.Globalization;
using System.Text;
using System.Text.Json;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>V2 requests as text and bytes, and what is looked up in their answers.</summary>
internal static class V2Requests
{
    public const string Echo = "/v2/models/echo/infer";

    public const string MissingLength =
        "received byte inputs, but the'inference-header-content-length' header is missing.";

    /// <summary>One JSON input named <c>a</c>; the data are given as they go into the JSON.</summary>
    public static HttpRequestText One(string datatype, string shape, string data) =>
        HttpRequestText.PostJson(Echo, $$"""{"id":"1","inputs":[{"name":"a","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]}""");

    /// <summary>The whole JSON is given.</summary>
    public static HttpRequestText Json(string json) => HttpRequestText.PostJson(Echo, json);

    /// <summary>A binary request: the JSON, then the tensors' bytes, with the header that says how long the JSON is.</summary>
    public static HttpRequestText Binary(string json, params byte[][] tensors) => BinaryTo(Echo, json, tensors);

    public static HttpRequestText BinaryTo(string target, string json, params byte[][] tensors)
    {
        byte[] head = Encoding.UTF8.GetBytes(json);
        return WithLength(target, head.Length.ToString(CultureInfo.InvariantCulture), [.. head, .. tensors.SelectMany(t => t)]);
    }

    /// <summary>A binary request that may lie in its header.</summary>
    public static HttpRequestText WithLength(string target, string length, byte[] body) => HttpRequestText.Post(target)
        .With("Content-Type", "application/octet-stream").With("Inference-Header-Content-Length", length).WithBody(body);

    /// <summary>One binary input named <c>a</c> of these bytes, answered in JSON, or in binary when asked.</summary>
    public static HttpRequestText OneBinary(string datatype, string shape, byte[] bytes, bool binaryOut = false) => Binary(
        $$$"""{"id":"1","inputs":[{"name":"a","shape":{{{shape}}},"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{bytes.Length}}}}}]"""
        + (binaryOut ? ""","outputs":[{"name":"a","parameters":{"binary_data":true}}]}""" : "}"), bytes);

    /// <summary>A JSON answer whose only output <c>a</c> has this datatype, shape and data, to the byte.</summary>
    public static Expect OneAnswer(string datatype, string shape, string data) => Expect.Ok(
        $$"""{"model_name":"echo","model_version":null,"id":"1","parameters":null,"outputs":[{"name":"a","shape":{{shape}},"datatype":"{{datatype}}","parameters":null,"data":{{data}}}]}""");

    /// <summary>A binary answer whose only output <c>a</c> has these bytes.</summary>
    public static Expect OneBinaryAnswer(string datatype, string shape, byte[] bytes) => BinaryAnswer(
        $$$"""{"id":"1","model_name":"echo","model_version":null,"outputs":[{"name":"a","shape":{{{shape}}},"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{bytes.Length}}}}}]}""",
        bytes);

    /// <summary>A binary answer: this JSON to the byte, its length in the header, and these bytes after it.</summary>
    public static Expect BinaryAnswer(string json, params byte[][] tensors)
    {
        byte[] head = Encoding.UTF8.GetBytes(json);
        byte[] tail = [.. tensors.SelectMany(t => t)];
        return Expect.Status(200)
            .Header("Inference-Header-Content-Length", head.Length.ToString(CultureInfo.InvariantCulture))
            .Header("Content-Type", "application/octet-stream")
            .Header("Content-Length", (head.Length + tail.Length).ToString(CultureInfo.InvariantCulture))
            .That(a => Encoding.UTF8.GetString(a.Body[..Math.Min(head.Length, a.Body.Length)]).Should().Be(json))
            .That(a => Convert.ToHexString(a.Body[Math.Min(head.Length, a.Body.Length)..]).Should().Be(Convert.ToHexString(tail)));
    }

    /// <summary>The names of the outputs, in order.</summary>
    public static string?[] OutputNames(HttpAnswer answer) =>
        [.. answer.Json().GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString())];

    /// <summary>The JSON text of the first output's data.</summary>
    public static string Data(HttpAnswer answer)
    {
        JsonElement output = answer.Json().GetProperty("outputs")[0];
        return output.GetProperty("data").GetRawText();
    }

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
