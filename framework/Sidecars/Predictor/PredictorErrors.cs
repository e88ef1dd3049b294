using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace Sidecars.Predictor;

/// <summary>What went wrong between us and the predictor, in words for the caller.</summary>
internal static class PredictorErrors
{
    private const int MaxText = 1000;

    // RFC 9113's names of what comes of HTTP/2 sent to a peer that speaks HTTP/1.
    private const long ProtocolError = 0x1;
    private const long Http11Required = 0xd;

    /// <summary>An error answer passes through: its own status, and its own text where it has one.</summary>
    public static InferenceException Status(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        int status = (int)response.StatusCode;
        string line = $"{status} {response.ReasonPhrase}".TrimEnd();
        if (status is >= 300 and < 400)
        {
            string where = response.Headers.Location is { } location ? $" to {location}" : "";
            return new InferenceException(
                ErrorKind.PredictorBody, $"The predictor redirected ({line}){where}; redirects are not followed.");
        }

        return new InferenceException(ErrorKind.PredictorStatus, Text(response, body) ?? $"The predictor answered {line}.")
        {
            HttpStatus = status is >= 400 and < 600 ? status : (int)HttpStatusCode.BadGateway,
            RetryAfterSeconds = response.Headers.RetryAfter?.Delta is { } delta ? (int)Math.Ceiling(delta.TotalSeconds) : null,
        };
    }

    public static InferenceException Of(RpcException e, Uri address)
    {
        // A status with an exception behind it is one that our own side made up for a connection that failed.
        if (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled
            && e.Status.DebugException is HttpRequestException or IOException or SocketException or OperationCanceledException or TimeoutException)
        {
            return Of(e.Status.DebugException, address);
        }

        return new InferenceException(
            ErrorKind.PredictorStatus,
            e.Status.Detail is { Length: > 0 } detail ? detail : $"The predictor answered {e.StatusCode}.",
            e)
        {
            GrpcStatus = (int)e.StatusCode,
        };
    }

    /// <summary>Whether it tells of the connection. The handler's own time for connecting ends in a cancellation that nobody asked for.</summary>
    public static bool IsOfConnection(Exception e, CancellationToken call) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !call.IsCancellationRequested);

    /// <summary>A connection that was not made, or that broke before the answer was whole.</summary>
    public static InferenceException Of(Exception e, Uri address) => e switch
    {
        OperationCanceledException or TimeoutException =>
            new(ErrorKind.PredictorUnreachable, $"The predictor at {address.Authority} cannot be reached: no connection was made in time.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new(ErrorKind.PredictorUnreachable, $"The predictor's host name '{address.Host}' cannot be resolved.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new(ErrorKind.PredictorUnreachable, $"No secure connection to the predictor at {address.Authority} could be made.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException =>
            new(ErrorKind.PredictorUnreachable, $"The predictor at {address.Authority} cannot be reached.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
            new(ErrorKind.PredictorBody, $"The predictor at {address.Authority} did not answer in HTTP.", e),
        HttpRequestException when IsOtherProtocol(e) =>
            new(ErrorKind.PredictorBody, $"The predictor at {address.Authority} did not answer in HTTP/2, which gRPC takes: is that its gRPC port?", e),
        _ => new(ErrorKind.PredictorBody, $"The predictor at {address.Authority} closed the connection before its answer was complete.", e),
    };

    /// <summary>
    /// Whether the peer broke HTTP/2's rules, and did not merely reset a stream, or let its beginning go unanswered, of which
    /// the handler tells with nothing behind it: mostly it speaks HTTP/1.
    /// </summary>
    private static bool IsOtherProtocol(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null }
        || e.GetBaseException() is HttpProtocolException { ErrorCode: ProtocolError or Http11Required };

    private static string? Text(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (Protocol.MediaTypes.IsJson(type))
        {
            try
            {
                var reader = new Utf8JsonReader(body);
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                JsonElement root = document.RootElement;
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error"u8, out JsonElement error))
                {
                    return error.ValueKind == JsonValueKind.String ? error.GetString() : Short(error.GetRawText());
                }

                return Short(root.GetRawText());
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, or a text in it that is none: its status still counts.
                return null;
            }
        }

        return type == "text/plain" && body.Length > 0 ? Short(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxText)])) : null;
    }

    private static string Short(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";
}
