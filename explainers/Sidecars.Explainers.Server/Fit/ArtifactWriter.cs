using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>Writes an artefact: rows, background, model, and last the document that makes it one.</summary>
internal static class ArtifactWriter
{
    private const string DataFile = "data.csv";
    private const string BackgroundFile = "background.csv";
    private const string ModelFile = "model.onnx";

    /// <summary>The files that would be written over.</summary>
    public static IEnumerable<string> InTheWay(string directory) =>
        new[] { ExplainerDocument.FileName, DataFile, BackgroundFile, ModelFile }
            .Select(name => Path.Combine(directory, name)).Where(File.Exists);

    /// <summary>Writes the files.</summary>
    /// <param name="plan">Where to, and which model.</param>
    /// <param name="table">The features and rows.</param>
    /// <param name="background">The background and how it was chosen.</param>
    /// <param name="explainers">The explainers, the default first.</param>
    public static void Write(FitPlan plan, FittedTable table, Background background, IReadOnlyList<string> explainers)
    {
        Directory.CreateDirectory(plan.Output);

        // Without its document the directory is no artefact: nobody loads one that is half old and half new.
        File.Delete(Path.Combine(plan.Output, ExplainerDocument.FileName));
        WriteRows(plan, DataFile, table.Schema, table.Data);

        // A feature of the same name would be taken for the weights; then rows are chosen again at every start.
        bool uniform = !background.Weights.Span.ContainsAnyExcept(background.Weights.Span[0]);
        bool stored = uniform || table.Schema.Features.All(static f => f.Name != TabularCsv.WeightColumn);
        if (stored)
        {
            WriteRows(plan, BackgroundFile, table.Schema, background.Rows, uniform ? default : background.Weights);
        }

        string model = Path.Combine(plan.Output, ModelFile);
        if (plan.Model is not null && Path.GetFullPath(plan.Model) != Path.GetFullPath(model))
        {
            // The bytes without the file's mode: a read-only copy could not be written over the next time.
            using FileStream from = File.OpenRead(plan.Model);
            using FileStream to = File.Create(model);
            from.CopyTo(to);
        }

        new ExplainerDocument
        {
            Features = table.Schema.Features,
            Classes = table.Schema.Classes,
            Data = DataFile,
            Background = new BackgroundDefinition(
                background.Method == "all" ? "sample" : background.Method, background.Rows.Rows, stored ? BackgroundFile : null),
            Model = plan.Model is null ? null : ModelFile,
            Output = plan.ModelOutput,
            Explainers = [.. explainers.Select(static type => new ExplainerDefinition(type))],
        }.Save(plan.Output);
    }

    private static void WriteRows(FitPlan plan, string name, TabularSchema schema, TabularData rows, ReadOnlyMemory<double> weights = default)
    {
        using FileStream file = File.Create(Path.Combine(plan.Output, name));
        TabularCsv.Write(file, schema, rows, weights);
    }
}
