using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidecars.Management.Tests.Client;
using Sidecars.Management.Tests.Cluster;
using Sidecars.Tool;

namespace Sidecars.Management.Tests.Docs;

/// <summary>What docs/management.md shows is compiled, run or at least parsed.</summary>
public sealed partial class ManagementDocTests
{
    private static readonly string s_page = File.ReadAllText(PathTo("../../../docs/management.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Page_Program_IsTheOneThatIsCompiledHere()
    {
        string[] source = File.ReadAllLines(PathTo("Example.cs"));
        int begin = Array.FindIndex(source, l => l.Trim() == "// begin"), end = Array.FindIndex(source, l => l.Trim() == "// end");
        string program = string.Join('\n', source[(begin + 1)..end].Select(l => l.Length > 8 ? l[8..] : l.Trim()));

        s_page.Should().Contain("using var client = new KServeClient();\n\n" + program + "\n```");
    }

    [Fact]
    public async Task Page_Program_Works()
    {
        await using ScriptedApiServer server = await ScriptedApiServer.StartAsync();
        using KServeClient client = server.Client();
        Task running = Example.RunAsync(client, new Progress<ReadinessProgress>());
        foreach (int generation in (int[])[1, 2])
        {
            await server.Watches.OpenedAsync(generation);
            JsonObject status = Services.Ready(generation);
            status["components"] = JsonNode.Parse(
                """{"predictor":{"latestCreatedRevision":"a","latestReadyRevision":"a","latestRolledoutRevision":"a"}}""");
            server.Store.SetStatus("team", "churn", status);
        }

        await running;
        InferenceService service = await client.GetAsync("churn");
        service.Spec.Predictor!.CanaryTrafficPercent.Should().BeNull();
        service.Spec.Predictor.Model!.StorageUri.Should().Be("s3://models/churn/2");
    }

    [Fact]
    public void Page_Commands_AreUnderstoodByTheTool()
    {
        string[] commands = [.. Command().Matches(s_page.Replace("\\\n", " ", StringComparison.Ordinal)).Select(m => m.Groups[1].Value)];

        commands.Length.Should().BeGreaterThan(8);
        foreach (string command in commands)
        {
            string line = command.Split(" | ")[0].Split(" > ")[0];
            SidecarsTool.Create(new ToolConsole(TextReader.Null, TextWriter.Null, TextWriter.Null), TimeProvider.System)
                .Parse(line).Errors.Should().BeEmpty(line);
        }
    }

    [GeneratedRegex(@"^(?:.*\| )?sidecars ((?:isvc|call|check) .*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    private static string PathTo(string relative, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, relative);
}
