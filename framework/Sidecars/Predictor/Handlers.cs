using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sidecars.Predictor;

/// <summary>The connection pool under both transports.</summary>
internal static class Handlers
{
    public static SocketsHttpHandler Create(InferenceClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // Mesh and cluster addresses change: a connection is not kept for ever. Idle ones go before a server's own
            // keep-alive limit closes them under a request.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 4 << 20,
            MaxResponseHeadersLength = 64,

            // traceparent is ours to forward; the handler would replace it by its own.
            ActivityHeadersPropagator = null,
        };
        if (options.CaFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates(file));
        }

        return handler;
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new ArgumentException($"The CA file '{file}' cannot be read: {e.Message}", nameof(file), e);
        }

        return certificates.Count > 0 ? certificates : throw new ArgumentException($"The CA file '{file}' has no certificate in it.", nameof(file));
    }
}
