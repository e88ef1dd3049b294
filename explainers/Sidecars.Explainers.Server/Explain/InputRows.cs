using System.Text.Json;
using Sidecars.Explainers.Serving;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>Reads the rows of an input, all at once: how many there are is known from the start.</summary>
internal static class InputRows
{
    /// <summary>Reads the rows of a shard.</summary>
    /// <param name="input">A file; <c>-</c> for standard input.</param>
    /// <param name="format"><c>csv</c> or <c>jsonl</c>; null to find out.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="shard">Which rows.</param>
    /// <exception cref="SidecarConfigurationException">It is not what it should be as a whole.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static List<InputRow> Read(string input, string? format, TabularSchema schema, Shard shard)
    {
        byte[] text = input == "-" ? ReadStandard() : File.ReadAllBytes(input);
        string name = input == "-" ? "standard input" : input;
        return (format ?? Guess(input, text)) == "csv"
            ? CsvRows.Read(name, text, schema, shard)
            : ReadJsonLines(text, schema, shard);
    }

    private static string Guess(string input, ReadOnlySpan<byte> text) =>
        input.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "csv"
        : input.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || input.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) ? "jsonl"
        : text.TrimStart("\uFEFF \r\n\t"u8) is [(byte)'[' or (byte)'{', ..] ? "jsonl" : "csv";

    private static byte[] ReadStandard()
    {
        using Stream stream = Console.OpenStandardInput();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static List<InputRow> ReadJsonLines(ReadOnlyMemory<byte> text, TabularSchema schema, Shard shard)
    {
        var reader = new RowReader(schema);
        List<InputRow> rows = [];
        long number = 0;
        if (text.Span.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        while (text.Length > 0)
        {
            int end = text.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                continue;
            }

            if (shard.Has(number))
            {
                rows.Add(ReadLine(line, number, reader));
            }

            number++;
        }

        return rows;
    }

    /// <summary>A line is read as a request of one row is: the same names and codes, the same errors.</summary>
    private static InputRow ReadLine(ReadOnlyMemory<byte> line, long number, RowReader reader)
    {
        try
        {
            // Parsed by itself first, or a line could close the list it is put into.
            using (JsonDocument.Parse(line))
            {
            }

            using InferRequest request = InferRequest.FromBody((byte[])[.. "{\"instances\":["u8, .. line.Span, .. "]}"u8]);
            return new InputRow(number, reader.Read(request, asJson: true).Data.Values.ToArray(), null);
        }
        catch (JsonException e)
        {
            return new InputRow(number, null, $"no JSON: {e.Message}");
        }
        catch (InferenceException e)
        {
            // The request's row 0 is this line's only one.
            const string Only = "row 0: ";
            return new InputRow(number, null, e.Message.StartsWith(Only, StringComparison.Ordinal) ? e.Message[Only.Length..] : e.Message);
        }
    }
}
