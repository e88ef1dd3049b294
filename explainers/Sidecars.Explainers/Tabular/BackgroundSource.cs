namespace Sidecars.Explainers.Tabular;

/// <summary>Finds the background an artefact describes: in a file, or by choosing from the training data.</summary>
internal static class BackgroundSource
{
    /// <returns>The background; null when there is nothing to choose from, or a problem.</returns>
    public static Background? Read(ExplainerDocument document, TabularSchema schema, TabularData? data, ArtifactFiles files)
    {
        BackgroundDefinition definition = document.Background ?? new BackgroundDefinition();
        if (definition.File is { } file)
        {
            return files.ReadRows("background.file", file, schema) is { } read ? Weighted(read.Data, read.Weights, definition.Method) : null;
        }

        if (document.Data is null && document.Background is not null)
        {
            files.Problems.Add($"background.method is '{definition.Method}', and there is no 'data' to choose rows from");
        }

        // Rules need no background, and choosing one takes a while.
        bool wanted = document.Explainers.Any(static e => e.Type != "AnchorTabular");
        return data is null || !wanted ? null : Choose(data, definition);
    }

    /// <summary>Chooses rows. All of them, where there are no more than wanted.</summary>
    public static Background Choose(TabularData data, BackgroundDefinition definition) =>
        data.Rows <= definition.Rows ? Background.Uniform(data)
        : definition.Method == "sample" ? BackgroundSummary.Sample(data, definition.Rows, seed: 0)
        : BackgroundSummary.KMeans(data, definition.Rows);

    private static Background Weighted(TabularData rows, double[]? weights, string method)
    {
        if (weights is null)
        {
            return Background.Uniform(rows, method);
        }

        double sum = weights.Sum();
        return new Background(rows, Array.ConvertAll(weights, w => w / sum), method);
    }
}
