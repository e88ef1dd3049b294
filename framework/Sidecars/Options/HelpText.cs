using System.Text;

namespace Sidecars.Options;

/// <summary>What <c>--help</c> and errors print.</summary>
internal static class HelpText
{
    public static string Write(string program)
    {
        StringBuilder text = new();
        _ = text.Append(Usage(program)).Append("\n\n")
            .Append("Each option can also be given as an environment variable SIDECAR_<NAME> or as a key of the section\n")
            .Append("\"Sidecar\" of appsettings.json; a flag wins over a variable, a variable over a key. Other flags are\n")
            .Append("passed on to the application.\n");
        int width = OptionTable.All.Max(option => Heading(option).Length) + 2;
        Append(text, "Options:", width, OptionTable.All.Where(option => option.NoEffectBecause is null));
        Append(text, "Accepted for KServe's sake, without effect:", width,
            OptionTable.All.Where(option => option.NoEffectBecause is not null));
        return text.ToString();
    }

    /// <summary>The usage line and one line per error, as argparse prints its one.</summary>
    public static string WriteErrors(string program, IEnumerable<string> errors)
    {
        StringBuilder text = new StringBuilder(Usage(program)).Append('\n');
        foreach (string error in errors)
        {
            _ = text.Append(program).Append(": error: ").Append(error).Append('\n');
        }

        return text.ToString();
    }

    private static string Usage(string program) => $"usage: {program} [--option value | --option=value]... (--help lists the options)";

    private static void Append(StringBuilder text, string title, int width, IEnumerable<OptionDefinition> options)
    {
        SidecarOptions defaults = new();
        _ = text.Append('\n').Append(title).Append('\n');
        foreach (OptionDefinition option in options)
        {
            string indent = new(' ', width + 2);
            _ = text.Append("  ").Append(Heading(option).PadRight(width)).Append(option.Help).Append('\n')
                .Append(indent).Append("Default: ").Append(option.Show(defaults)).Append(". ")
                .Append("Allowed: ").Append(option.Allowed).Append(".\n");
            if (option.OtherEnvironmentVariables.Count > 0)
            {
                _ = text.Append(indent).Append("Also reads ")
                    .AppendJoin(", ", option.OtherEnvironmentVariables).Append(".\n");
            }
        }
    }

    private static string Heading(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Switch => option.Flag,
        OptionKind.Int => option.Flag + " INT",
        OptionKind.Float => option.Flag + " NUMBER",
        OptionKind.Bool => option.Flag + " BOOL",
        OptionKind.List => option.Flag + " LIST",
        _ => option.Flag + " TEXT",
    };
}
