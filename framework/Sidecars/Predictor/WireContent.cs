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
        switch (payload.ContentType)
        {
            case MediaTypes.Json: Headers.ContentType = s_json; break;
            case MediaTypes.OctetStream: Headers.ContentType = s_octets; break;
            case { } other: Headers.TryAddWithoutValidation("Content-Type", other); break;
        }

        if (payload.JsonLength >= 0)
        {
            Headers.TryAddWithoutValidation(
                V2Json.LengthHeader, payload.JsonLength.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
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
}
