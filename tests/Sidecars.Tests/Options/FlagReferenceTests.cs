using System.Text;
using Sidecars.Options;

namespace Sidecars.Tests.Options;

/// <summary>Holds <c>docs/flags.md</c> to the option table.</summary>
public class FlagReferenceTests
{
    [Fact]
    public void Reference_InTheDocs_SaysWhatTheTableSays()
    {
        string path = Path.Combine(RepositoryRoot(), "docs", "flags.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, Markdown());
        }

        string found = File.Exists(path) ? File.ReadAllText(path) : "";
        found.Should().Be(Markdown(), "docs/flags.md is generated: run the tests with UPDATE_DOCS=1 to write it anew");
    }

    [Fact]
    public void Table_EveryOption_HasItsOwnNameAndVariable()
    {
        OptionTable.All.Select(option => option.Name).Should().OnlyHaveUniqueItems();
        OptionTable.All.SelectMany(option => (string[])[option.EnvironmentVariable, .. option.OtherEnvironmentVariables])
            .Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Table_EveryDefault_IsAllowed() => SidecarOptionsValidator.Validate(new SidecarOptions()).Should().BeEmpty();

    private static string Markdown()
    {
        StringBuilder text = new("""
            # Options

            Generated from the option table (`framework/Sidecars/Options/OptionTable.cs`); run the tests with
            `UPDATE_DOCS=1` to write it anew.

            For each option the first of these counts: code, its flag, its environment variable, its key in the section
            `Sidecar` of `appsettings.json` (the flag's name without the dashes), its default. An empty variable counts as
            not set. Flags are read as KServe's own server reads them: `--flag value` and `--flag=value`, the last of
            duplicates, an unambiguous beginning for the whole name, unknown flags let pass. A value that is not allowed
            ends the process with exit code 2 before it listens. A relative path is taken from the current folder; in
            `appsettings.json`, from the folder that file stands in.


            """);
        Append(text, "KServe's options", option => option.Origin == OptionOrigin.KServe && option.NoEffectBecause is null);
        Append(text, "Options of Sidecars", option => option.Origin == OptionOrigin.Sidecars);
        text.Append("## Accepted without effect\n\nFlags of KServe's Python server. They are checked, and reported at start-up.\n\n");
        text.Append("| Flag | Environment variable | Default | Allowed | Why without effect |\n|---|---|---|---|---|\n");
        foreach (OptionDefinition option in OptionTable.All.Where(option => option.NoEffectBecause is not null))
        {
            AppendRow(text, option, option.Help + " " + Sentence(option.NoEffectBecause!));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, Func<OptionDefinition, bool> chosen)
    {
        text.Append("## ").Append(title).Append("\n\n| Flag | Environment variable | Default | Allowed | Meaning |\n|---|---|---|---|---|\n");
        foreach (OptionDefinition option in OptionTable.All.Where(chosen))
        {
            AppendRow(text, option, option.Kind == OptionKind.Switch ? option.Help + " A switch: takes no value." : option.Help);
        }

        text.Append('\n');
    }

    private static void AppendRow(StringBuilder text, OptionDefinition option, string help)
    {
        IEnumerable<string> variables = [option.EnvironmentVariable, .. option.OtherEnvironmentVariables];
        string shown = option.Show(new SidecarOptions()).Replace(",", ", ");
        text.Append("| `").Append(option.Flag).Append("` | ").AppendJoin(", ", variables.Select(name => $"`{name}`"))
            .Append(" | ").Append(shown).Append(" | ").Append(option.Allowed).Append(" | ").Append(help).Append(" |\n");
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sidecars.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Sidecars.sln is in no folder above the tests");
    }
}
