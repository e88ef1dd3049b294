using System.Buffers;
using System.Text.Json.Nodes;
using Polly;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>Calls predictors that speak OpenAI's API. One for the process, whatever the number of models and addresses.</summary>
/// <param name="options">The limits, and the host for those that name none; an empty host is none.</param>
/// <param name="prefix">What comes behind a host without a path.</param>
internal sealed class OpenAiClient(InferenceClientOptions options, string prefix) : IDisposable
{
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    // Most sidecars have no such model, and need no second pool of connections.
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(Handlers.Create(options)));
    private readonly ResiliencePipeline? _retries = Retry.Create(options.Retries, options.TimeProvider);

    /// <summary>Makes what is otherwise made for the first call, so that wrong options show when the process starts.</summary>
    /// <exception cref="ArgumentException">The CA file cannot be read.</exception>
    public void Open() => _ = _http.Value;

    /// <summary>What stands in front of the paths of the API.</summary>
    /// <param name="url">A model's own address; null for the configured host.</param>
    /// <exception cref="InferenceException">There is neither.</exception>
    public Uri AddressOf(string? url)
    {
        if (url is not null)
        {
            return PredictorAddress.Parse(url, options.UseSsl);
        }

        if (options.Host.Length == 0)
        {
            throw InferenceException.NotImplemented("Could not find predictor_host.");
        }

        Uri host = PredictorAddress.Parse(options.Host, options.UseSsl);
        return host.AbsolutePath == "/" && prefix.Length > 0 ? new Uri(host, prefix.Trim('/') + "/") : host;
    }

    /// <summary>Asks for a whole answer.</summary>
    /// <exception cref="InferenceException">Unreachable, out of time, refused, or answered what cannot be read.</exception>
    public async ValueTask<JsonObject> SendAsync(OpenAiCall call, CancellationToken cancellation)
    {
        using CallLimit limit = CallLimit.Start(null, options, cancellation);
        try
        {
            using HttpResponseMessage answer = await OpenAsync(call, limit.Token).ConfigureAwait(false);
            (byte[] array, int length) = await BodyReader.ReadAsync(answer.Content, options.MaxAnswerSize, limit.Token).ConfigureAwait(false);
            try
            {
                return Read(array.AsMemory(0, length), options.MaxJsonDepth, call.Address);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            throw limit.TimeoutError(call.Address, e);
        }
        catch (Exception e) when (PredictorErrors.IsOfConnection(e, limit.Token))
        {
            throw PredictorErrors.Of(e, call.Address);
        }
    }

    /// <summary>Asks for a streamed answer; returns when it begins.</summary>
    /// <exception cref="InferenceException">Unreachable, out of time, refused, or answered in one piece.</exception>
    public async ValueTask<OpenAiStream> StreamAsync(OpenAiCall call, CancellationToken cancellation)
    {
        CallLimit limit = CallLimit.Start(null, options, cancellation);
        HttpResponseMessage? answer = null;
        OpenAiStream? stream = null;
        try
        {
            answer = await OpenAsync(call, limit.Token).ConfigureAwait(false);
            string? type = answer.Content.Headers.ContentType?.MediaType;
            if (!MediaTypes.Is(type, MediaTypes.EventStream))
            {
                throw Unreadable(call.Address, $"a stream was asked for, and its type is {type ?? "not given"}");
            }

            Stream body = await answer.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            return stream = new OpenAiStream(answer, body, limit, call.Address, options.MaxJsonDepth);
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            throw limit.TimeoutError(call.Address, e);
        }
        finally
        {
            if (stream is null)
            {
                answer?.Dispose();
                limit.Dispose();
            }
        }
    }

    /// <summary>Whether a GET answers 2xx.</summary>
    /// <exception cref="InferenceException">Nobody answers.</exception>
    public async ValueTask<bool> IsHealthyAsync(string? url, string endpoint, CancellationToken cancellation)
    {
        Uri address = AddressOf(url);
        using var limit = new CancellationTokenSource(s_probeTimeout, options.TimeProvider);
        using CancellationTokenRegistration outer = cancellation.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, endpoint.TrimStart('/')));
        try
        {
            using HttpResponseMessage answer = await _http.Value.SendAsync(request, limit.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw PredictorErrors.Of(e, address);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InferenceException(ErrorKind.PredictorTimeout, $"The predictor at {address.Authority} did not answer a probe.", e);
        }
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    internal static JsonObject Read(ReadOnlyMemory<byte> json, int maxDepth, Uri address)
    {
        try
        {
            return JsonObjects.Parse(json, maxDepth);
        }
        catch (InferenceException e)
        {
            throw Unreadable(address, "it is not a JSON object", e);
        }
    }

    private static InferenceException Unreadable(Uri address, string why, Exception? inner = null) =>
        new(ErrorKind.PredictorBody, $"The predictor at {address.Authority} sent an answer that cannot be read: {why}.", inner);

    /// <summary>Sends the request until an answer begins, and returns one that is no error.</summary>
    private async ValueTask<HttpResponseMessage> OpenAsync(OpenAiCall call, CancellationToken cancellation)
    {
        // Not from the pool: an answer may come while the request is still being sent.
        byte[] body;
        using (PooledBuffer written = JsonObjects.Write(call.Body))
        {
            body = written.WrittenSpan.ToArray();
        }

        return _retries is null
            ? await OpenOnceAsync(call, body, cancellation).ConfigureAwait(false)
            : await _retries.ExecuteAsync(
                static (s, cancel) => s.Item1.OpenOnceAsync(s.call, s.body, cancel), (this, call, body), cancellation).ConfigureAwait(false);
    }

    private async ValueTask<HttpResponseMessage> OpenOnceAsync(OpenAiCall call, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(call.Address, call.Path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaTypes.Json);
        foreach ((string name, string value) in call.Headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            HttpResponseMessage answer = await _http.Value.SendAsync(request, cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                (byte[] array, int length) = await BodyReader.ReadAsync(answer.Content, options.MaxAnswerSize, cancellation).ConfigureAwait(false);
                InferenceException error = OpenAiErrors.Status(answer, array.AsMemory(0, length), options.MaxJsonDepth);
                ArrayPool<byte>.Shared.Return(array);
                throw error;
            }
        }
        catch (Exception e) when (PredictorErrors.IsOfConnection(e, cancellation))
        {
            throw PredictorErrors.Of(e, call.Address);
        }
    }
}
