using System.Net;
using System.Net.Http.Headers;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>Sends a payload's runs of bytes from where they lie.</summary>
internal sealed class WireContent : HttpContent
{
    private static readonly MediaTypeHeaderValue s_json = new(MediaTypes.Json), s_octets = new(MediaTypes.OctetStream);

    private readonly WirePayload _payload;

    public WireContent(WirePayload payload)
    {
        _payload = payload;
        Describe(Headers, payload);
    }

    /// <summary>The same in an array of its own, which may outlive the payload.</summary>
    public static ByteArrayContent Copy(WirePayload payload)
    {
        byte[] all = new byte[payload.Length];
        int at = 0;
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            segment.CopyTo(all.AsMemory(at));
            at += segment.Length;
        }

        var content = new ByteArrayContent(all);
        Describe(content.Headers, payload);
        return content;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> segment in _payload.Segments)
        {
            await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _payload.Length;
        return true;
    }

    private static void Describe(HttpContentHeaders headers, WirePayload payload)
    {
        switch (payload.ContentType)
        {
            case MediaTypes.Json: headers.ContentType = s_json; break;
            case MediaTypes.OctetStream: headers.ContentType = s_octets; break;
            case { } other: headers.TryAddWithoutValidation("Content-Type", other); break;
        }

        if (payload.JsonLength >= 0)
        {
            headers.TryAddWithoutValidation(
                V2Json.LengthHeader, payload.JsonLength.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
