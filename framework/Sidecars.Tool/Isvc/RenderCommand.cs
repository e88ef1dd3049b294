using System.CommandLine;
using Sidecars.Management;
using Sidecars.Tool.Output;

namespace Sidecars.Tool.Isvc;

/// <summary><c>sidecars isvc render NAME …</c>: a manifest from options, or a file looked through.</summary>
internal static class RenderCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string?> name = new("name") { Description = "The service's name; not with --file.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> file = new("--file", "-f")
        {
            Description = "Read manifests instead, check them, and write them anew; - for standard input.",
        };
        Option<string> output = new("--output", "-o")
        {
            Description = "yaml or json.",
            DefaultValueFactory = _ => "yaml",
        };
        output.AcceptOnlyFromAmong("yaml", "json");
        var options = new ManifestOptions();
        var command = new Command("render", "Write a manifest to standard output, checked against KServe's rules.") { name, file, output };
        options.AddTo(command);
        command.SetAction(async (given, cancellation) =>
        {
            IReadOnlyList<InferenceService> services = (given.GetValue(name), given.GetValue(file)) switch
            {
                ({ } one, null) => [options.Build(given, one)],
                (null, { } path) => InferenceService.ParseAll(await TextInput.ReadAsync(path, console, cancellation).ConfigureAwait(false)),
                _ => throw new ToolException("Give either a name, or a file with --file."),
            };
            Refuse(services);
            if (given.GetValue(file) is null && services[0].Spec.Predictor?.Model is { StorageUri: null })
            {
                await console.Error.WriteLineAsync(
                    $"{services[0].Metadata.Name}: nothing says where the model lies; add --storage-uri, or --predictor-image for one that brings it along.")
                    .ConfigureAwait(false);
            }

            string text = given.GetValue(output) == "json"
                ? string.Join('\n', services.Select(s => s.ToJson())) + "\n"
                : string.Join("---\n", services.Select(s => s.ToYaml()));
            await console.Out.WriteAsync(text).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    /// <exception cref="ToolException">A manifest breaks KServe's rules; all findings are in the message.</exception>
    public static void Refuse(IReadOnlyList<InferenceService> services)
    {
        string[] findings = [.. services.SelectMany(s => ManifestRules.Check(s).Select(f => $"{s.Metadata.Name}: {f}"))];
        if (services.Count == 0 || findings.Length > 0)
        {
            throw new ToolException(services.Count == 0 ? "There is no InferenceService in it." : string.Join('\n', findings));
        }
    }
}
