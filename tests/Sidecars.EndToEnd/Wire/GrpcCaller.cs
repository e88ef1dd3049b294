using System.Net;
using System.Net.Http.Headers;

namespace Sidecars.EndToEnd.Wire;

/// <summary>
/// A gRPC client of HttpClient and hand-written bytes: cleartext HTTP/2 with prior knowledge, one POST per call.
/// </summary>
public sealed class GrpcCaller : IDisposable
{
    public const string Service = "inference.GRPCInferenceService";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });

    public GrpcCaller(int port) => Port = port;

    public int Port { get; }

    /// <summary>Calls an RPC of the inference service with one well-framed message.</summary>
    public Task<GrpcAnswer> CallAsync(string rpc, byte[] message, params (string Name, string Value)[] headers) =>
        SendAsync($"/{Service}/{rpc}", GrpcFrame.Wrap(message), headers);

    /// <summary>POSTs these body bytes, whatever they are.</summary>
    public async Task<GrpcAnswer> SendAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        using HttpRequestMessage request = Post(path, new ByteArrayContent(body), headers);
        return await SendAsync(request, deadline.Token);
    }

    /// <summary>Sends a request whose content the caller writes, and gives the answer once its headers are there.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, HttpContent content, CancellationToken cancel, params (string, string)[] headers) =>
        _http.SendAsync(Post(path, content, headers), cancel);

    public void Dispose() => _http.Dispose();

    /// <summary>Reads an answer to its end.</summary>
    public static async Task<GrpcAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        Dictionary<string, string> headers = Flat(response.Headers);
        if (response.Content.Headers.ContentType is { } type)
        {
            headers["content-type"] = type.ToString();
        }

        using MemoryStream body = new();
        string? failure = null;
        try
        {
            await response.Content.CopyToAsync(body, cancel);
        }
        catch (Exception thrown) when (thrown is HttpRequestException or IOException)
        {
            failure = thrown.Message;
        }

        return new GrpcAnswer(response.StatusCode, headers, Flat(response.TrailingHeaders), body.ToArray()) { Failure = failure };
    }

    private async Task<GrpcAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancel);
            return await ReadAsync(response, cancel);
        }
        catch (HttpRequestException thrown)
        {
            // A stream the server reset before any header.
            Dictionary<string, string> none = [];
            return new GrpcAnswer(0, none, none, []) { Failure = thrown.Message + " " + thrown.InnerException?.Message };
        }
    }

    private HttpRequestMessage Post(string path, HttpContent content, (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"http://127.0.0.1:{Port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        foreach ((string name, string value) in headers)
        {
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static Dictionary<string, string> Flat(HttpHeaders headers) =>
        headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(",", h.Value));
}
