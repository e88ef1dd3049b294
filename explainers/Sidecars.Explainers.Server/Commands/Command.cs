using System.Text;

namespace Sidecars.Explainers.Server.Commands;

/// <summary>One of the program's commands: what it is called, what it does, and the flags it adds to the framework's.</summary>
/// <param name="Name">The word that chooses it.</param>
/// <param name="Usage">How it is called, after the program's name.</param>
/// <param name="Summary">What it does, in a few lines.</param>
/// <param name="Flags">Its own flags.</param>
internal sealed record Command(string Name, string Usage, string Summary, IReadOnlyList<Flag> Flags)
{
    /// <summary>The program's name in texts.</summary>
    public const string Program = "sidecars-explainer";

    /// <summary>What a wrong command line ends with.</summary>
    public const int UsageError = 2;

    /// <summary>What a process ends with that could not do its work.</summary>
    public const int Failed = 1;

    /// <summary>Begins an application with this command's flags beside the framework's.</summary>
    public SidecarApplicationBuilder CreateBuilder(string[] args) =>
        SidecarApplication.CreateBuilder(args, applicationFlags: [.. Flags.Select(static flag => flag.Name)]);

    /// <summary>Refuses flags and words that the command does not know.</summary>
    public void CheckKnown(SidecarApplicationBuilder builder, List<string> errors)
    {
        string known = string.Join(", ", Flags.Select(static flag => "--" + flag.Name));
        foreach (string name in builder.OtherFlags.Keys.Where(name => Flags.All(flag => !flag.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
        {
            errors.Add($"--{name} is no flag of {Name}; it has {known}");
        }

        foreach (string word in builder.Words)
        {
            errors.Add($"'{word}' belongs to no flag; write --flag value. The flags of {Name}: {known}");
        }
    }

    /// <summary>Ends with what is wrong with the command line.</summary>
    public int Refuse(IEnumerable<string> errors)
    {
        StringBuilder text = new StringBuilder($"usage: {Program} {Usage}").Append('\n');
        foreach (string error in errors)
        {
            text.Append(Program).Append(": error: ").Append(error).Append('\n');
        }

        Console.Error.Write(text);
        return UsageError;
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public string Help()
    {
        StringBuilder text = new StringBuilder($"usage: {Program} {Usage}").Append("\n\n").Append(Summary).Append("\n\nFlags:\n");
        int width = Flags.Max(static flag => Heading(flag).Length) + 2;
        foreach (Flag flag in Flags)
        {
            text.Append("  ").Append(Heading(flag).PadRight(width)).Append(flag.Help).Append('\n');
        }

        return text.ToString();
    }

    private static string Heading(Flag flag) => flag.Value.Length == 0 ? "--" + flag.Name : $"--{flag.Name} {flag.Value}";
}
