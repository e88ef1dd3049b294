using System.Text.Json;

namespace Sidecars.Explainers.Options;

/// <summary>One option of an explainer: how it is called, read, checked, explained and shown again.</summary>
internal sealed record ExplainerOption
{
    public required string Name { get; init; }

    /// <summary>Other names it is taken by.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>One sentence on what it does.</summary>
    public required string Help { get; init; }

    /// <summary>What is allowed, in words.</summary>
    public required string Allowed { get; init; }

    /// <summary>What is allowed, as a JSON Schema.</summary>
    public required string Schema { get; init; }

    /// <summary>Reads a value into settings; null when it is not allowed.</summary>
    public required Func<ExplainerSettings, OptionInput, ExplainerSettings?> Set { get; init; }

    /// <summary>Writes its value in settings.</summary>
    public required Action<Utf8JsonWriter, ExplainerSettings> Write { get; init; }

    /// <summary>Whether it is settled when the server starts, so that requests cannot change it.</summary>
    public bool AtStart { get; init; }

    /// <summary>Why it is taken and does nothing; null when it does something.</summary>
    public string? NoEffectBecause { get; init; }

    /// <summary>Its default as JSON text.</summary>
    public string Default
    {
        get
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                Write(json, new ExplainerSettings());
            }

            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }
    }
}
