using System.Text.Json;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers;

/// <summary>
/// The text of an artefact, its <c>explainer.json</c>: what the columns are, where the data is, and which explainers
/// answer. Its form is held by a JSON Schema, <see cref="JsonSchema"/>. <see cref="ExplainerArtifact"/> reads what it names.
/// </summary>
public sealed record ExplainerDocument
{
    /// <summary>The file's name in an artefact's directory.</summary>
    public const string FileName = "explainer.json";

    /// <summary>What the key <c>schema</c> says.</summary>
    public const string Version = "sidecars/explainer-v1";

    /// <summary>The columns, in the model's order.</summary>
    public required IReadOnlyList<TabularFeature> Features { get; init; }

    /// <summary>The names of the classes, in the order of their indices; null for a regression, or where nobody named them.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The CSV of training data, relative to the artefact's directory; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>What stands for absent features in Shapley values; null for the default.</summary>
    public BackgroundDefinition? Background { get; init; }

    /// <summary>The ONNX file, relative to the artefact's directory; null when a predictor gives the scores.</summary>
    public string? Model { get; init; }

    /// <summary>The model's output that holds the scores; null for the one that does by its form.</summary>
    public string? Output { get; init; }

    /// <summary>The explainers, at least one; the first answers when a request names none.</summary>
    public required IReadOnlyList<ExplainerDefinition> Explainers { get; init; }

    /// <summary>The JSON Schema of this document.</summary>
    public static string JsonSchema
    {
        get
        {
            using Stream stream = typeof(ExplainerDocument).Assembly.GetManifestResourceStream("explainer.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="SidecarConfigurationException">It is not as it should be; the message lists everything that is wrong.</exception>
    public static ExplainerDocument Parse(ReadOnlyMemory<byte> json)
    {
        var problems = new Problems();
        ExplainerDocument? document = DocumentReader.Read(json, problems);
        problems.ThrowIfAny("The artefact cannot be used:");
        return document!;
    }

    /// <summary>Writes the document as indented JSON.</summary>
    public void WriteTo(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, DocumentWriter.Options);
        DocumentWriter.Write(json, this);
    }

    /// <summary>Writes <c>explainer.json</c> into a directory.</summary>
    public void Save(string directory)
    {
        using FileStream file = File.Create(Path.Combine(directory, FileName));
        WriteTo(file);
        file.Write("\n"u8);
    }
}
