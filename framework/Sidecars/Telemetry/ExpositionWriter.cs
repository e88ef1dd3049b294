using System.Buffers;
using System.Text;

namespace Sidecars.Telemetry;

/// <summary>Writes the lines of an exposition: comments and samples, with the escapes of the format.</summary>
internal readonly ref struct ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    public void Family(string name, string kind, string help)
    {
        // OpenMetrics names a counter without the suffix that its sample carries.
        string family = kind == "counter" && format == ExpositionFormat.PrometheusText ? name + "_total" : name;
        Ascii("# HELP ");
        Ascii(family);
        Ascii(" ");
        Escaped(help, quotes: format == ExpositionFormat.OpenMetrics);
        Ascii("\n# TYPE ");
        Ascii(family);
        Ascii(" ");
        Ascii(kind);
        Ascii("\n");
    }

    public void Sample(string name, string suffix, double value, params ReadOnlySpan<KeyValuePair<string, string>> labels)
    {
        Ascii(name);
        Ascii(suffix);
        for (int i = 0; i < labels.Length; i++)
        {
            Ascii(i == 0 ? "{" : ",");
            Ascii(labels[i].Key);
            Ascii("=\"");
            Escaped(labels[i].Value, quotes: true);
            Ascii(i == labels.Length - 1 ? "\"}" : "\"");
        }

        Ascii(" ");
        PythonFloat.Write(output, value);
        Ascii("\n");
    }

    public void End()
    {
        if (format == ExpositionFormat.OpenMetrics)
        {
            Ascii("# EOF\n");
        }
    }

    private void Escaped(string text, bool quotes)
    {
        ReadOnlySpan<char> rest = text;
        ReadOnlySpan<char> special = quotes ? "\\\n\"" : "\\\n";
        for (int at = rest.IndexOfAny(special); at >= 0; at = rest.IndexOfAny(special))
        {
            _ = Encoding.UTF8.GetBytes(rest[..at], output);
            Ascii(rest[at] switch { '\n' => "\\n", '"' => "\\\"", _ => "\\\\" });
            rest = rest[(at + 1)..];
        }

        _ = Encoding.UTF8.GetBytes(rest, output);
    }

    private void Ascii(string text) =>
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
}
