using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary><c>--mode knative|standard</c></summary>
internal static class ModeOption
{
    public static Option<string?> Create(string description)
    {
        var option = new Option<string?>("--mode") { Description = description };
        option.AcceptOnlyFromAmong("knative", "standard");
        return option;
    }

    public static DeploymentMode? Read(string? text) => text switch
    {
        "knative" => DeploymentMode.Knative,
        "standard" => DeploymentMode.Standard,
        _ => null,
    };
}
