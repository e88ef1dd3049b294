using System.Diagnostics.CodeAnalysis;

namespace Sidecars.Telemetry;

/// <summary>Labels of any number, in the order of their names, that are the same where names and values are.</summary>
internal readonly struct LabelSet : IEquatable<LabelSet>
{
    private LabelSet(KeyValuePair<string, string>[] labels) => Labels = labels;

    public KeyValuePair<string, string>[] Labels { get; }

    /// <summary>The tags of a measurement as labels.</summary>
    public static LabelSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = new(Name(tags[i].Key), tags[i].Value?.ToString() ?? "");
        }

        Array.Sort(labels, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new LabelSet(labels);
    }

    /// <summary>A name as Prometheus takes it.</summary>
    public static string Name(string name) =>
        string.Create(name.Length, name, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] == '_' ? from[i] : '_';
            }
        });

    public bool Equals(LabelSet other) => Labels.AsSpan().SequenceEqual(other.Labels);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is LabelSet other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach ((string name, string value) in Labels)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
