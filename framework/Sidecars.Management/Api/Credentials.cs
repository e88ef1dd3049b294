using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Sidecars.Management.Api;

/// <summary>
/// Where the API server is and who asks: what the options name, else the pod's service account, else the kubeconfig that
/// kubectl would take.
/// </summary>
internal static class Credentials
{
    public const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static KubernetesClientConfiguration Find(
        KServeClientOptions options, Func<string, string?> environment, string serviceAccountFolder = ServiceAccountFolder)
    {
        try
        {
            if (options.Kubeconfig is null && options.Context is null
                && InCluster(environment, serviceAccountFolder) is { } inCluster)
            {
                return inCluster;
            }

            FileInfo file = options.Kubeconfig is { } named
                ? Existing(new FileInfo(named))
                : DefaultKubeconfig(options.Context, environment);
            return KubernetesClientConfiguration.BuildConfigFromConfigFile(file, options.Context);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // KubernetesClient throws what its parts throw: there is no one type for a file it cannot read.
            throw new KServeException(
                KServeError.Credentials,
                $"No credentials for a cluster: {e.Message} Name a kubeconfig, or set KUBECONFIG, or run in a pod with a service account.",
                e);
        }
    }

    /// <summary>The certificates and the address are looked at only now.</summary>
    /// <exception cref="KServeException">They cannot be used.</exception>
    public static Kubernetes Open(KubernetesClientConfiguration configuration)
    {
        try
        {
            return new Kubernetes(configuration);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new KServeException(
                KServeError.Credentials, $"The configuration for the cluster at '{configuration.Host}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// <c>~/.kube/config</c>, or of the files that KUBECONFIG names the first that has the context: a context stands with its
    /// cluster and its user.
    /// </summary>
    private static FileInfo DefaultKubeconfig(string? context, Func<string, string?> environment)
    {
        string? list = environment("KUBECONFIG");
        if (string.IsNullOrWhiteSpace(list))
        {
            return Existing(new FileInfo(Path.Combine(environment("HOME") ?? environment("USERPROFILE") ?? "", ".kube", "config")));
        }

        FileInfo[] files = [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(f => new FileInfo(f)).Where(f => f.Exists)];
        if (files.Length <= 1)
        {
            return files.Length == 1 ? files[0] : throw new FileNotFoundException($"KUBECONFIG names no file that exists: {list}.");
        }

        K8SConfiguration[] all = [.. files.Select(f => KubernetesClientConfiguration.LoadKubeConfig(f))];
        string? wanted = context ?? all.Select(c => c.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c));
        int found = Array.FindIndex(all, c => c.Contexts?.Any(x => x.Name == wanted) == true);
        return found >= 0 ? files[found] : throw new KubeConfigException($"No file of KUBECONFIG has the context '{wanted}'.");
    }

    private static FileInfo Existing(FileInfo file) =>
        file.Exists ? file : throw new FileNotFoundException($"There is no kubeconfig at {file.FullName}.");

    private static KubernetesClientConfiguration? InCluster(Func<string, string?> environment, string folder)
    {
        string token = Path.Combine(folder, "token"), authority = Path.Combine(folder, "ca.crt"), place = Path.Combine(folder, "namespace");
        string? host = environment("KUBERNETES_SERVICE_HOST"), port = environment("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || !File.Exists(token))
        {
            return null;
        }

        // The token is read anew when it is about to be rotated.
        var configuration = new KubernetesClientConfiguration
        {
            Host = new UriBuilder("https", host, int.TryParse(port, out int number) ? number : 443).ToString(),
            TokenProvider = new TokenFileAuth(token),
            Namespace = File.Exists(place) ? File.ReadAllText(place).Trim() : null,
        };
        if (File.Exists(authority))
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(authority);
            configuration.SslCaCerts = trusted;
        }

        return configuration;
    }
}
