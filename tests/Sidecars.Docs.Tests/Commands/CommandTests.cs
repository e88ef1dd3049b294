using System.Diagnostics;
using System.Text.RegularExpressions;
using Sidecars.Docs.Tests.Pages;
using Sidecars.Tool;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>Commands that no test here runs are at least shell, and name programs, flags and files that there are.</summary>
public sealed partial class CommandTests
{
    private static readonly string[] s_flagPages = ["docs/flags.md", "docs/onnx.md", "docs/explainers.md", "docs/explainer-server.md"];

    public static TheoryData<string, int> Shells => BlockCases.Of(static b => b is { Kind: BlockKind.Commands, Verb: not "shown" });

    public static TheoryData<string, int> NotRun => BlockCases.Of(static b => b is { Kind: BlockKind.Commands, Verb: "cannot run" or "held by" });

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Commands_OfTheBlock_AreShell(string page, int line) =>
        (await ErrorsAsync(BlockCases.Find(page, line).Text)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(NotRun))]
    public void Commands_ThatAreNotRun_NameWhatThereIs(string page, int line) =>
        BlockCases.Find(page, line).Commands.SelectMany(Complaints).Should().BeEmpty();

    [Fact]
    public async Task Shell_ThatIsNone_IsComplainedOf() => (await ErrorsAsync("if true; then")).Should().NotBeEmpty();

    [Theory]
    [InlineData("sidecars isvc rander churn")]
    [InlineData("echo x | sidecars call localhost:8080 --modle churn")]
    [InlineData("dotnet run --project samples/Doubler -- --predictor_hots localhost:9000")]
    [InlineData("sidecars-explainer --model_dri artefact")]
    [InlineData("kubectl apply -f deploy/no-such-file.yaml")]
    [InlineData("dotnet run --project samples/Dubler")]
    public void Command_WithAMistake_IsComplainedOf(string command) => Complaints(command).Should().ContainSingle();

    private static IEnumerable<string> Complaints(string line)
    {
        foreach (string part in Separator().Split(line))
        {
            string command = part.Trim();
            if (command.StartsWith("sidecars ", StringComparison.Ordinal))
            {
                var console = new ToolConsole(TextReader.Null, TextWriter.Null, TextWriter.Null);
                foreach (string error in SidecarsTool.Create(console, TimeProvider.System).Parse(command[9..]).Errors.Select(static e => e.Message).Take(1))
                {
                    yield return $"{command}: {error}";
                }
            }

            string own = command.StartsWith("sidecars-explainer ", StringComparison.Ordinal) ? command
                : OwnProgram().IsMatch(command) && command.Split(" -- ") is [_, { } flags] ? flags : "";
            string documented = string.Concat(s_flagPages.Select(static p => File.ReadAllText(Repository.PathOf(p))));
            foreach (string flag in Flag().Matches(own).Select(static m => m.Groups[1].Value))
            {
                // Options of the explainers stand without their dashes there.
                string[] written = [$"`--{flag}`", $"`--{flag} ", $" --{flag} ", $"`{flag}`"];
                if (!written.Any(w => documented.Contains(w, StringComparison.Ordinal)))
                {
                    yield return $"{command}: --{flag} is in none of {string.Join(", ", s_flagPages)}";
                }
            }

            foreach (string path in RepositoryPath().Matches(command).Select(static m => m.Value)
                .Where(static p => !p.Contains("/bin/", StringComparison.Ordinal) && !Path.Exists(Repository.PathOf(p))))
            {
                yield return $"{command}: there is no {path}";
            }
        }
    }

    private static async Task<string> ErrorsAsync(string script)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-n", "-c", script]) { RedirectStandardError = true })!;
        string errors = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return errors;
    }

    [GeneratedRegex(@"\s(?:\||>|&&|;)\s")]
    private static partial Regex Separator();

    [GeneratedRegex("^dotnet run --project (?:samples|explainers)/")]
    private static partial Regex OwnProgram();

    [GeneratedRegex(@"(?<=\s|^)--([A-Za-z0-9_-]+)")]
    private static partial Regex Flag();

    [GeneratedRegex(@"(?<=[\s@=]|^)(?:samples|deploy|docs|explainers|framework|tests|eng|templates)/[\w./-]*[\w/]")]
    private static partial Regex RepositoryPath();
}
