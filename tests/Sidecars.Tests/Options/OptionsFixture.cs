using Microsoft.Extensions.Configuration;
using Sidecars.Options;

namespace Sidecars.Tests.Options;

/// <summary>Reads options from a command line and configuration keys given in place.</summary>
internal static class OptionsFixture
{
    public static OptionsResult Read(string arguments, params (string Key, string Value)[] configuration) =>
        Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), configuration);

    public static OptionsResult Read(string[] arguments, params (string Key, string Value)[] configuration) =>
        SidecarOptionsReader.Read(arguments, Configuration(configuration), program: "prog");

    public static IConfiguration Configuration(params (string Key, string Value)[] configuration) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .Build();

    public static SidecarOptions Accepted(string arguments, params (string Key, string Value)[] configuration)
    {
        OptionsResult result = Read(arguments, configuration);
        result.Error.Should().BeEmpty();
        result.ExitCode.Should().BeNull();
        return result.Options!;
    }

    /// <summary>The error lines without the usage line and the program's name.</summary>
    public static string[] Errors(OptionsResult result)
    {
        result.ExitCode.Should().Be(2);
        result.Options.Should().BeNull();
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().StartWith("usage: prog ");
        lines[1..].Should().OnlyContain(line => line.StartsWith("prog: error: "));
        return [.. lines[1..].Select(line => line["prog: error: ".Length..])];
    }
}
