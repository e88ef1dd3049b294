using System.CommandLine;
using Sidecars.Management;

namespace Sidecars.Tool.Isvc;

/// <summary>The options that say which canary.</summary>
internal sealed class CanaryOptions
{
    private readonly Option<string> _component = new("--component")
    {
        Description = "The component; Standard mode knows only predictor.",
        DefaultValueFactory = _ => "predictor",
    };

    private readonly Option<string> _version = new("--version-name")
    {
        Description = "Standard mode: the name of the version in spec.canary.",
        DefaultValueFactory = _ => "canary",
    };

    private readonly Option<string?> _mode = ModeOption.Create("How the service is run. Default: what its annotation or status says.");

    public CanaryOptions() => _component.AcceptOnlyFromAmong("predictor", "transformer", "explainer");

    public void AddTo(Command command)
    {
        command.Add(_component);
        command.Add(_version);
        command.Add(_mode);
    }

    public CanaryChange Read(ParseResult given) => new()
    {
        Component = given.GetValue(_component)!,
        Name = given.GetValue(_version)!,
        Mode = ModeOption.Read(given.GetValue(_mode)),
    };
}
