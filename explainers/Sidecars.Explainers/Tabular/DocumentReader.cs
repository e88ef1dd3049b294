using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tabular;

/// <summary>Reads explainer.json and tells everything that is wrong with it. What it accepts is what its JSON Schema accepts.</summary>
internal static class DocumentReader
{
    public static readonly string[] BackgroundMethods = ["kmeans", "sample", "file"];

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <returns>The document; null when there are problems.</returns>
    public static ExplainerDocument? Read(ReadOnlyMemory<byte> json, Problems problems)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_options);
            return Read(document.RootElement, problems);
        }
        catch (JsonException e)
        {
            problems.Add($"{ExplainerDocument.FileName} is not JSON: {e.Message}");
            return null;
        }
    }

    private static ExplainerDocument? Read(JsonElement json, Problems problems)
    {
        int before = problems.Count;
        if (DocumentNode.Open(json, "", problems, "$schema", "schema", "features", "classes", "data", "background", "model", "output", "explainers")
            is not { } root)
        {
            return null;
        }

        root.Text("$schema");
        if (root.Text("schema", required: true) is { } version && version != ExplainerDocument.Version)
        {
            problems.Add($"schema is '{version}', it must be '{ExplainerDocument.Version}'");
        }

        List<TabularFeature> features = ReadFeatures(root, problems);
        List<string>? classes = root.Texts("classes");
        string? data = root.Text("data");
        BackgroundDefinition? background = ReadBackground(root, problems);
        string? model = root.Text("model");
        string? output = root.Text("output");
        List<ExplainerDefinition> explainers = ReadExplainers(root, problems);
        return problems.Count > before ? null : new ExplainerDocument
        {
            Features = features,
            Classes = classes,
            Data = data,
            Background = background,
            Model = model,
            Output = output,
            Explainers = explainers,
        };
    }

    private static List<TabularFeature> ReadFeatures(DocumentNode root, Problems problems)
    {
        List<TabularFeature> features = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonElement json, string path) in root.List("features", required: true) ?? [])
        {
            if (DocumentNode.Open(json, path, problems, "name", "categories") is not { } node)
            {
                continue;
            }

            string? name = node.Text("name", required: true);
            if (name is not null && !seen.Add(name))
            {
                problems.Add($"{path}.name is '{name}' a second time");
            }

            features.Add(new TabularFeature(name ?? "", node.Texts("categories")));
        }

        return features;
    }

    private static BackgroundDefinition? ReadBackground(DocumentNode root, Problems problems)
    {
        if (root.Value("background") is not { } json
            || DocumentNode.Open(json, "background", problems, "rows", "method", "file") is not { } node)
        {
            return null;
        }

        string method = node.Text("method") ?? (node.Value("file") is null ? "kmeans" : "file");
        if (!BackgroundMethods.Contains(method))
        {
            problems.Add($"background.method is '{method}'; known: {string.Join(", ", BackgroundMethods)}");
        }

        string? file = node.Text("file");
        if (method == "file" && file is null && node.Value("file") is null)
        {
            problems.Add("background.method is 'file', and background.file names none");
        }

        return new BackgroundDefinition(method, node.Count("rows") ?? BackgroundDefinition.DefaultRows, file);
    }

    private static List<ExplainerDefinition> ReadExplainers(DocumentNode root, Problems problems)
    {
        List<ExplainerDefinition> explainers = [];
        foreach ((JsonElement json, string path) in root.List("explainers", required: true) ?? [])
        {
            if (DocumentNode.Open(json, path, problems, "type", "options") is not { } node)
            {
                continue;
            }

            string? type = node.Text("type", required: true);
            OptionTable? table = type is null ? null : OptionTable.Find(type);
            if (type is not null && table is null)
            {
                problems.Add($"{path}.type is '{type}'; known: {OptionTable.KnownTypes}");
            }
            else if (type is not null && explainers.Exists(e => e.Type == type))
            {
                problems.Add($"{path}.type is '{type}' a second time");
            }

            explainers.Add(new ExplainerDefinition(type ?? "", ReadOptions(node, table, path, problems)));
        }

        return explainers;
    }

    private static Dictionary<string, JsonElement>? ReadOptions(DocumentNode node, OptionTable? table, string path, Problems problems)
    {
        if (node.Value("options") is not { } json)
        {
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path}.options must be an object, it is {DocumentNode.Kind(json)}");
            return null;
        }

        var options = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var settings = new ExplainerSettings();
        foreach (JsonProperty property in json.EnumerateObject())
        {
            options[property.Name] = property.Value.Clone();
            if (table is not null && table.Set(ref settings, property.Name, new OptionInput(property.Value), atStart: true) is { } problem)
            {
                problems.Add($"{path}.options: {problem}");
            }
        }

        return options;
    }
}
