using System.Globalization;

namespace Sidecars.Protocol;

/// <summary>One of the kinds of answer that an Accept header lists.</summary>
internal readonly ref struct MediaRange
{
    private MediaRange(ReadOnlySpan<char> type, ReadOnlySpan<char> version, double quality)
    {
        Type = type;
        Version = version;
        Quality = quality;
    }

    /// <summary>The type, with its wildcards and without its parameters.</summary>
    public ReadOnlySpan<char> Type { get; }

    /// <summary>The parameter version; empty for none.</summary>
    public ReadOnlySpan<char> Version { get; }

    /// <summary>How much it is wanted, from 0 (not at all) to 1.</summary>
    public double Quality { get; }

    public bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads what stands between two commas of the header.</summary>
    public static MediaRange Read(ReadOnlySpan<char> item)
    {
        ReadOnlySpan<char> type = default, version = default;
        double quality = 1;
        bool first = true;
        foreach (Range range in item.Split(';'))
        {
            ReadOnlySpan<char> part = item[range].Trim();
            int equals = part.IndexOf('=');
            ReadOnlySpan<char> value = part[(equals + 1)..].Trim().Trim('"');
            if (first)
            {
                type = part;
                first = false;
            }
            else if (equals > 0 && IsName(part[..equals], "version"))
            {
                version = value;
            }
            else if (equals > 0 && IsName(part[..equals], "q")
                && !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality))
            {
                quality = 0;
            }
        }

        return new MediaRange(type, version, quality);
    }

    private static bool IsName(ReadOnlySpan<char> text, string name) => text.Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
