using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers;

/// <summary>
/// A directory with all that explainers need: <c>explainer.json</c> (<see cref="ExplainerDocument"/>), training data, and
/// perhaps a model. Reading it checks everything; nothing of it changes afterwards.
/// </summary>
public sealed class ExplainerArtifact
{
    private readonly Lazy<string?> _modelHash;
    private readonly Lazy<string?> _dataHash;

    private ExplainerArtifact(string directory, ExplainerDocument document, TabularData? data, Background? background)
    {
        Directory = directory;
        Document = document;
        Schema = new TabularSchema(document.Features, document.Classes);
        Data = data;
        Background = background;
        BackgroundSha256 = background is null ? null : Hash(background.Rows, background.Weights.Span);
        ModelPath = document.Model is { } model ? Path.Combine(directory, model) : null;
        _modelHash = new(() => ModelPath is { } path ? HashFile(path) : null);
        _dataHash = new(() => data is null ? null : Hash(data, []));
    }

    /// <summary>The directory.</summary>
    public string Directory { get; }

    /// <summary>What <c>explainer.json</c> says.</summary>
    public ExplainerDocument Document { get; }

    /// <summary>The columns and classes.</summary>
    public TabularSchema Schema { get; }

    /// <summary>The training data; null when there is none.</summary>
    public TabularData? Data { get; }

    /// <summary>What stands for absent features; null when there is neither data nor a file of its own.</summary>
    public Background? Background { get; }

    /// <summary>The ONNX file; null when a predictor gives the scores.</summary>
    public string? ModelPath { get; }

    /// <summary>SHA-256 of the background, in hexadecimal: of its rows as 32-bit floats, then of its weights as 64-bit floats, little-endian.</summary>
    public string? BackgroundSha256 { get; }

    /// <summary>SHA-256 of the training data, as of a background without weights.</summary>
    public string? DataSha256 => _dataHash.Value;

    /// <summary>SHA-256 of the model's file.</summary>
    public string? ModelSha256 => _modelHash.Value;

    /// <summary>Reads a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="first">
    /// An explainer that answers when a request names none; its options go before those the document has for its type, which
    /// need not be there. Null for the document's own first.
    /// </param>
    /// <exception cref="SidecarConfigurationException">It cannot be used; the message lists everything that is wrong with it.</exception>
    public static ExplainerArtifact Load(string directory, ExplainerDefinition? first = null)
    {
        directory = Path.GetFullPath(directory);
        var problems = new Problems();
        string heading = $"The artefact in {directory} cannot be used:";
        string file = Path.Combine(directory, ExplainerDocument.FileName);
        if (!File.Exists(file))
        {
            problems.Add(System.IO.Directory.Exists(directory)
                ? $"there is no {ExplainerDocument.FileName} in it"
                : "there is no such directory");
            problems.ThrowIfAny(heading);
        }

        ExplainerDocument? document = DocumentReader.Read(File.ReadAllBytes(file), problems);
        if (document is null)
        {
            problems.ThrowIfAny(heading);
            return null!;
        }

        document = first is null ? document : DefinitionMerge.Put(document, first, problems);
        var files = new ArtifactFiles(directory, problems);
        files.Check("model", document.Model);
        var schema = new TabularSchema(document.Features, document.Classes);
        TabularData? data = files.ReadRows("data", document.Data, schema)?.Data;
        Background? background = BackgroundSource.Read(document, schema, data, files);
        foreach (ExplainerDefinition explainer in document.Explainers)
        {
            if (explainer.Type == "AnchorTabular" && document.Data is null)
            {
                problems.Add("there is no 'data': AnchorTabular draws its samples from it");
            }
            else if (explainer.Type is "KernelShap" or "LinearShap" && document.Data is null && document.Background?.File is null)
            {
                problems.Add($"there is no background for {explainer.Type}: give 'data' to choose it from, or 'background.file'");
            }
        }

        problems.ThrowIfAny(heading);
        return new ExplainerArtifact(directory, document, data, background);
    }

    /// <summary>Reads rows of this artefact's features from a CSV.</summary>
    /// <exception cref="SidecarConfigurationException">The file cannot be read; the message lists everything that is wrong with it.</exception>
    public TabularData ReadRows(string csvPath)
    {
        var problems = new Problems();
        (TabularData Data, double[]? Weights)? read = null;
        try
        {
            read = TabularCsv.Read(Path.GetFileName(csvPath), File.ReadAllBytes(csvPath), Schema, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
        }

        problems.ThrowIfAny($"The rows in {csvPath} cannot be used:");
        return read!.Value.Data;
    }

    private static string Hash(TabularData data, ReadOnlySpan<double> weights)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(data.Values.Span));
        hash.AppendData(MemoryMarshal.AsBytes(weights));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string HashFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
