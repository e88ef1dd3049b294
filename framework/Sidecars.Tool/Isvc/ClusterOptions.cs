using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary>The options that say which cluster, on every command that needs one.</summary>
internal sealed class ClusterOptions(TimeProvider time)
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file. Default: KUBECONFIG, else ~/.kube/config.",
    };
    private readonly Option<string?> _context = new("--context")
    {
        Description = "The kubeconfig's context. Default: its current one.",
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace. Default: the manifest's, else the context's.",
    };

    public void AddTo(Command command)
    {
        command.Add(_kubeconfig);
        command.Add(_context);
        command.Add(_namespace);
    }

    public KServeClient Connect(ParseResult given) => new(new KServeClientOptions
    {
        Kubeconfig = given.GetValue(_kubeconfig),
        Context = given.GetValue(_context),
        TimeProvider = time,
    });

    public string? Namespace(ParseResult given) => given.GetValue(_namespace);
}
