using System.Net;
using System.Net.Http.Headers;
using k8s;
using k8s.Authentication;

namespace Sidecars.Management.Api;

/// <summary>
/// Sends requests to the API server with the credentials of a KubernetesClient, and turns what is not success into a
/// <see cref="KServeException"/>. The one place that knows HTTP.
/// </summary>
internal sealed class ApiServer(KubernetesClientConfiguration configuration, TimeProvider time) : IDisposable
{
    /// <summary>How long an answer may take; a watch only has to begin in this time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The longest "later" that is waited for; no timer can be set much further.</summary>
    private static readonly TimeSpan s_longestDeferral = TimeSpan.FromDays(1);

    /// <summary>How often to come back when the server says "later".</summary>
    private const int MaxDeferrals = 8;

    private readonly Kubernetes _kubernetes = Credentials.Open(configuration);

    public TimeProvider Time => time;

    public void Dispose() => _kubernetes.Dispose();

    /// <exception cref="KServeException">The answer is an error, or there is none.</exception>
    public async Task<byte[]> SendAsync(ApiCall call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpResponseMessage answer = await AskAsync(call, both.Token).ConfigureAwait(false);
            return await answer.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw OutOfTime(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiErrors.Unreachable(_kubernetes.BaseUri, e);
        }
    }

    /// <summary>Opens an answer that goes on, such as a watch. Whoever reads it must be ready for an <see cref="IOException"/>.</summary>
    /// <exception cref="KServeException">The answer is an error, or there is none.</exception>
    public async Task<HttpResponseMessage> OpenAsync(ApiCall call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await AskAsync(call, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw OutOfTime(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiErrors.Unreachable(_kubernetes.BaseUri, e);
        }
    }

    private KServeException OutOfTime(OperationCanceledException e) =>
        ApiErrors.Unreachable(_kubernetes.BaseUri, new TimeoutException($"no answer in {(int)Limit.TotalSeconds} s", e));

    /// <summary>
    /// Asks until the answer is no "later". A 429, or a 503 with Retry-After, says that nothing was done, so that any verb
    /// may be repeated.
    /// </summary>
    private async Task<HttpResponseMessage> AskAsync(ApiCall call, CancellationToken cancellation)
    {
        for (int deferral = 0; ; deferral++)
        {
            HttpResponseMessage answer = await AskOnceAsync(call, cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                if (deferral < MaxDeferrals && RetryAfter(answer) is { } wait)
                {
                    await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
                    continue;
                }

                byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
                throw ApiErrors.Of(call, (int)answer.StatusCode, body);
            }
        }
    }

    private async Task<HttpResponseMessage> AskOnceAsync(ApiCall call, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, new Uri(_kubernetes.BaseUri, call.Path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(call.Part == "log" ? "*/*" : "application/json"));
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
        }

        if (_kubernetes.Credentials is { } credentials)
        {
            await AuthenticateAsync(credentials, request, cancellation).ConfigureAwait(false);
        }

        return await _kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
    }

    /// <summary>A token may come from a file that is gone, or from a program that fails.</summary>
    private static async Task AuthenticateAsync(
        ServiceClientCredentials credentials, HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            await credentials.ProcessHttpRequestAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new KServeException(
                KServeError.Credentials, $"The credentials for the cluster cannot be had: {e.GetBaseException().Message}", e);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || answer.Headers.RetryAfter is not { } after)
        {
            return null;
        }

        TimeSpan wait = after.Delta ?? after.Date - time.GetUtcNow() ?? TimeSpan.Zero;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > s_longestDeferral ? s_longestDeferral : wait;
    }
}
