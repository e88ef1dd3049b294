using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>Tells from a request's headers what form its body has.</summary>
internal static class RequestDecoder
{
    /// <summary>
    /// V1: JSON when the type says so, when it says bytes, and when there is none, as KServe's batcher sends; anything
    /// else is for the hooks alone.
    /// </summary>
    public static InferRequest V1(HttpRequest http, ReadOnlyMemory<byte> body)
    {
        bool json = IsV1Json(http);
        if (json && body.IsEmpty)
        {
            throw JsonParsing.Unrecognized("the body is empty");
        }

        return new InferRequest(json ? WireForm.V1 : WireForm.Opaque, body, http.ContentType);
    }

    public static bool IsV1Json(HttpRequest http)
    {
        string? type = http.ContentType;
        return string.IsNullOrEmpty(type) || MediaTypes.IsJson(type) || MediaTypes.Is(type, MediaTypes.OctetStream);
    }

    /// <summary>V2: binary tensors when the length header says so; else JSON, which has to say so itself.</summary>
    public static InferRequest V2(HttpRequest http, ReadOnlyMemory<byte> body)
    {
        if (http.Headers.TryGetValue(V2Json.LengthHeader, out var length))
        {
            if (!int.TryParse(length, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int jsonLength)
                || jsonLength < 0 || jsonLength > body.Length)
            {
                throw JsonParsing.Unrecognized(
                    $"the {V2Json.LengthHeader} header is '{length}', the body has {body.Length} bytes");
            }

            return new InferRequest(WireForm.V2Binary, body, http.ContentType, jsonLength);
        }

        if (!MediaTypes.IsJson(http.ContentType))
        {
            // The missing space is KServe's; clients compare the text.
            throw InferenceException.InvalidInput(
                "received byte inputs, but the'inference-header-content-length' header is missing.");
        }

        return body.IsEmpty
            ? throw JsonParsing.Unrecognized("the body is empty")
            : new InferRequest(WireForm.V2, body, http.ContentType);
    }
}
