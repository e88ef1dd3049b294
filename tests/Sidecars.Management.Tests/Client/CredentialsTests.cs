using System.Security.Cryptography.X509Certificates;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

public sealed class CredentialsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecars-credentials-").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private ScriptedApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedApiServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Client_Kubeconfig_UsesServerTokenAndNamespaceOfItsContext()
    {
        _server.Token = "dev-token";
        using KServeClient client = Client(new() { Kubeconfig = Kubeconfig("config", "dev", "team-dev") });

        await client.CreateAsync(Churn());

        client.Namespace.Should().Be("team-dev");
        _server.Requests.Single().Path.Should().Contain("/namespaces/team-dev/");
        _server.Requests.Single().Authorization.Should().Be("Bearer dev-token");
    }

    [Fact]
    public void Client_NamespaceOption_WinsOverTheContext()
    {
        using KServeClient client = Client(new() { Kubeconfig = Kubeconfig("config", "dev", "team-dev"), Namespace = "mine" });

        client.Namespace.Should().Be("mine");
    }

    [Fact]
    public void Client_ContextWithoutNamespace_UsesDefault()
    {
        using KServeClient client = Client(new() { Kubeconfig = Kubeconfig("config", "dev", null) });

        client.Namespace.Should().Be("default");
    }

    [Fact]
    public void Client_SeveralFilesInTheEnvironment_TakesTheOneWithTheContext()
    {
        _environment["KUBECONFIG"] = string.Join(
            Path.PathSeparator, Path.Combine(_folder, "none"), Kubeconfig("one", "dev", "team-dev"), Kubeconfig("two", "prod", "team-prod"));

        using KServeClient current = Client(new());
        using KServeClient named = Client(new() { Context = "prod" });

        current.Namespace.Should().Be("team-dev");
        named.Namespace.Should().Be("team-prod");
    }

    [Fact]
    public void Client_HomeFolder_IsTheLastPlace()
    {
        _environment["HOME"] = _folder;
        Directory.CreateDirectory(Path.Combine(_folder, ".kube"));
        File.Move(Kubeconfig("config", "dev", "at-home"), Path.Combine(_folder, ".kube", "config"));

        using KServeClient client = Client(new());

        client.Namespace.Should().Be("at-home");
    }

    [Fact]
    public void Client_InAPod_UsesTheServiceAccount()
    {
        _environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        _environment["KUBERNETES_SERVICE_PORT"] = "6443";
        _environment["KUBECONFIG"] = Kubeconfig("config", "dev", "team-dev");
        File.WriteAllText(Path.Combine(_folder, "token"), "pod-token");
        File.WriteAllText(Path.Combine(_folder, "namespace"), "pod-team\n");

        using KServeClient inPod = Client(new());
        using KServeClient asked = Client(new() { Context = "dev" });

        inPod.Namespace.Should().Be("pod-team");
        asked.Namespace.Should().Be("team-dev");
        k8s.KubernetesClientConfiguration found = Api.Credentials.Find(new(), Variable, _folder);
        found.Host.Should().Be("https://10.0.0.1:6443/");
    }

    [Fact]
    public async Task Client_TokenOfTheServiceAccount_IsSentAsBearer()
    {
        _environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        File.WriteAllText(Path.Combine(_folder, "token"), "pod-token");
        k8s.KubernetesClientConfiguration found = Api.Credentials.Find(new(), Variable, _folder);
        found.Host = _server.Address.ToString();
        _server.Token = "pod-token";
        using var client = new KServeClient(new KServeClientOptions { Configuration = found });

        (await client.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Client_TokenFileGone_IsAnErrorOfCredentials()
    {
        _environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        string token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "pod-token");
        k8s.KubernetesClientConfiguration found = Api.Credentials.Find(new(), Variable, _folder);
        found.Host = _server.Address.ToString();
        using var client = new KServeClient(new KServeClientOptions { Configuration = found });
        File.Delete(token);

        await Fails(() => client.ListAsync(), KServeError.Credentials);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_InAPod_TrustsTheAuthorityThatThePodWasGivenOnly(bool given)
    {
        using X509Certificate2 certificate = Certificates.ForLoopback();
        await using ScriptedApiServer secure = await ScriptedApiServer.StartAsync(certificate);
        _environment["KUBERNETES_SERVICE_HOST"] = "127.0.0.1";
        _environment["KUBERNETES_SERVICE_PORT"] = secure.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), "pod-token");
        using X509Certificate2 other = Certificates.ForLoopback();
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), (given ? certificate : other).ExportCertificatePem());
        using KServeClient client = Client(new());

        if (given)
        {
            (await client.ListAsync()).Should().BeEmpty();
            secure.Requests.Single().Authorization.Should().Be("Bearer pod-token");
        }
        else
        {
            await Fails(() => client.ListAsync(), KServeError.Unreachable);
            secure.Requests.Should().BeEmpty();
        }
    }

    [Fact]
    public void Client_NoCredentialsAnywhere_SaysWhereItLooked()
    {
        _environment["HOME"] = _folder;

        FluentActions.Invoking(() => Client(new())).Should().Throw<KServeException>()
            .Where(e => e.Error == KServeError.Credentials)
            .WithMessage($"*{_folder}*KUBECONFIG*");
    }

    [Theory]
    [InlineData("context", "*nowhere*")]
    [InlineData("file", "*no kubeconfig at*")]
    [InlineData("garbage", "*No credentials*")]
    [InlineData("empty", "*No credentials*")]
    [InlineData("authority", "*No credentials*")]
    [InlineData("server", "*not/a/url*")]
    [InlineData("certificate", "*cannot be used*")]
    public void Client_KubeconfigThatDoesNotFit_IsAnErrorOfCredentials(string what, string message)
    {
        string file = Kubeconfig("config", "dev", null);
        string text = File.ReadAllText(file);
        File.WriteAllText(file, what switch
        {
            "garbage" => "a: [",
            "empty" => "",
            "authority" => text.Replace("server: http:", "certificate-authority-data: '*no base64*'\n    server: https:", StringComparison.Ordinal),
            "certificate" => text.Replace("    token: ", "    client-key-data: bm9uZQ==\n    client-certificate-data: bm9uZQ==\n    token: ", StringComparison.Ordinal),
            "server" => text.Replace(_server.Address.ToString(), "not/a/url", StringComparison.Ordinal),
            _ => text,
        });

        KServeClientOptions options = what switch
        {
            "context" => new() { Kubeconfig = file, Context = "nowhere" },
            "file" => new() { Kubeconfig = file + "x" },
            _ => new() { Kubeconfig = file },
        };

        FluentActions.Invoking(() => Client(options)).Should().Throw<KServeException>()
            .Where(e => e.Error == KServeError.Credentials).WithMessage(message);
    }

    private KServeClient Client(KServeClientOptions options) => new(options, Variable, _folder);

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private string Kubeconfig(string file, string context, string? @namespace)
    {
        string path = Path.Combine(_folder, file);
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: {{context}}
            clusters:
            - name: c-{{context}}
              cluster:
                server: {{_server.Address}}
            users:
            - name: u-{{context}}
              user:
                token: {{context}}-token
            contexts:
            - name: {{context}}
              context:
                cluster: c-{{context}}
                user: u-{{context}}
            {{(@namespace is null ? "" : $"    namespace: {@namespace}")}}
            """);
        return path;
    }
}
