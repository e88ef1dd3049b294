using System.Globalization;
using System.Net;
using System.Text.Json;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>V1 and V2 over REST.</summary>
internal sealed class RestTransport : ITransport
{
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly InferenceClientOptions _options;
    private readonly bool _v1;
    private readonly ModelUris _uris;

    public RestTransport(Uri address, InferenceClientOptions options)
    {
        _address = address;
        _options = options;
        _v1 = options.Protocol == PredictorProtocol.V1;
        _uris = new ModelUris(address, _v1);
        _http = new HttpMessageInvoker(Handlers.Create(options));
    }

    public async ValueTask<InferResponse> SendAsync(WirePayload payload, PredictorCall call, InferenceVerb verb, CallLimit limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _uris.For(call.ModelName, verb)) { Content = ContentOf(payload) };
        SetVersion(request);
        if (call.Headers is { } headers)
        {
            foreach ((string name, string value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
            (byte[] array, int length) = await BodyReader.ReadAsync(answer.Content, _options.MaxAnswerSize, limit.Token).ConfigureAwait(false);
            return Read(answer, array, length, OtherForm(answer, call, verb));
        }
        catch (Exception e) when (PredictorErrors.IsOfConnection(e, limit.Token))
        {
            throw PredictorErrors.Of(e, _address);
        }
    }

    public async ValueTask<bool> IsServerLiveAsync(CancellationToken cancellation)
    {
        if (_v1)
        {
            return await ProbeAsync("", cancellation).ConfigureAwait(false) is (HttpStatusCode.OK, { } body)
                && JsonText(body, "status"u8)?.Equals("alive", StringComparison.OrdinalIgnoreCase) == true;
        }

        return (await ProbeAsync("v2/health/live", cancellation).ConfigureAwait(false)).Status == HttpStatusCode.OK;
    }

    public async ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation) => _v1
        ? await IsServerLiveAsync(cancellation).ConfigureAwait(false)
        : (await ProbeAsync("v2/health/ready", cancellation).ConfigureAwait(false)).Status == HttpStatusCode.OK;

    public async ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation)
    {
        string name = Uri.EscapeDataString(modelName);
        return (await ProbeAsync(_v1 ? $"v1/models/{name}" : $"v2/models/{name}/ready", cancellation).ConfigureAwait(false)).Status
            is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;
    }

    public async ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation)
    {
        if (_v1)
        {
            // V1 has no metadata beyond the name.
            return null;
        }

        (HttpStatusCode status, byte[] body) =
            await ProbeAsync($"v2/models/{Uri.EscapeDataString(modelName)}", cancellation).ConfigureAwait(false);
        return status == HttpStatusCode.OK ? V2Metadata.Read(body) : null;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The type of an explanation that came as the text or page its caller asked for; null for JSON, which all else has to be.</summary>
    private static string? OtherForm(HttpResponseMessage answer, PredictorCall call, InferenceVerb verb) =>
        verb == InferenceVerb.Explain
        && answer.Content.Headers.ContentType is { MediaType: { } type } contentType
        && !MediaTypes.IsJson(type)
        && call.Headers?.Any(header => header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase)
            && header.Value.Contains(type, StringComparison.OrdinalIgnoreCase)) == true
            ? contentType.ToString()
            : null;

    private InferResponse Read(HttpResponseMessage answer, byte[] array, int length, string? otherForm)
    {
        InferResponse? response = null;
        try
        {
            if (!answer.IsSuccessStatusCode)
            {
                throw PredictorErrors.Status(answer, array.AsSpan(0, length));
            }

            ReadOnlyMemory<byte> body = array.AsMemory(0, length);
            response = otherForm is null
                ? Decode(answer, body)
                : new InferResponse(WireForm.Opaque, body, otherForm) { FromPredictor = true, Headers = new AnswerHeaders(answer) };
            response.OwnRented(array);
            return response;
        }
        finally
        {
            if (response is null)
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(array);
            }
        }
    }

    private InferResponse Decode(HttpResponseMessage answer, ReadOnlyMemory<byte> body)
    {
        WireForm form = _v1 ? WireForm.V1 : WireForm.V2;
        int jsonLength = -1;
        if (!_v1 && answer.Headers.NonValidated.TryGetValues(V2Json.LengthHeader, out var lengths))
        {
            form = WireForm.V2Binary;
            if (!int.TryParse(lengths.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out jsonLength) || jsonLength > body.Length)
            {
                throw Unreadable($"its {V2Json.LengthHeader} header is '{lengths}'");
            }
        }

        ReadOnlySpan<byte> json = jsonLength >= 0 ? body.Span[..jsonLength] : body.Span;
        string? error = form == WireForm.V1 && JsonOutline.IsScalar(json)
            ? ScalarError(body)
            : JsonOutline.Check(json, _options.MaxJsonDepth, default, out _);
        return error is null
            ? new InferResponse(form, body, MediaTypes.Json, jsonLength) { FromPredictor = true, Headers = new AnswerHeaders(answer) }
            : throw Unreadable(error);
    }

    private string? ScalarError(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonParsing.Parse(body, _options.MaxJsonDepth).Dispose();
            return null;
        }
        catch (InferenceException)
        {
            return "it is not JSON";
        }
    }

    private InferenceException Unreadable(string why) =>
        new(ErrorKind.PredictorBody, $"The predictor at {_address.Authority} sent an answer that cannot be read: {why}.");

    private async ValueTask<(HttpStatusCode Status, byte[] Body)> ProbeAsync(string path, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_probeTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, path));
        SetVersion(request);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
            (byte[] array, int length) = await BodyReader.ReadAsync(answer.Content, 1 << 20, limit.Token).ConfigureAwait(false);
            byte[] body = array.AsSpan(0, length).ToArray();
            System.Buffers.ArrayPool<byte>.Shared.Return(array);
            return (answer.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw PredictorErrors.Of(e, _address);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InferenceException(ErrorKind.PredictorTimeout, $"The predictor at {_address.Authority} did not answer a probe.", e);
        }
    }

    /// <summary>
    /// Over HTTP/2 an answer may come while the request is still being sent, and the payload's memory goes back to its pool
    /// with the answer: there the request needs bytes of its own.
    /// </summary>
    private HttpContent ContentOf(WirePayload payload) => _options.Http2 ? WireContent.Copy(payload) : new WireContent(payload);

    private void SetVersion(HttpRequestMessage request)
    {
        if (_options.Http2)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
    }

    private static string? JsonText(byte[] body, ReadOnlySpan<byte> key)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(key, out JsonElement value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
