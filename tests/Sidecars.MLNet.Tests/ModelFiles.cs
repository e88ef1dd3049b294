using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Sidecars.MLNet.Tests;

/// <summary>ML.NET files made on the spot, in a folder of their own.</summary>
public sealed class ModelFiles : IDisposable
{
    private static readonly MLContext s_ml = new(seed: 1);

    public ModelFiles()
    {
        Folder = Directory.CreateTempSubdirectory("mlnet").FullName;
        Model = Save("model.zip", Visits(), s_ml.Transforms.Categorical.OneHotEncoding("CityCode", "City")
            .Append(s_ml.Transforms.Concatenate("Features", "Age", "Spend", "CityCode"))
            .Append(s_ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
                new LbfgsLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 })));
        Types = Save("types.zip", Everything(), Copies([.. Everything().Schema.Select(static c => c.Name)]));
        Mixed = Save("mixed.zip", s_ml.Data.LoadFromEnumerable([new MixedRow()]), Copies("Whole", "Exact", "Rough"));
        Sum = Save("sum.zip", s_ml.Data.LoadFromEnumerable([new PairRow()]), s_ml.Transforms.Concatenate("Both", "Left", "Right"));
    }

    public string Folder { get; }

    /// <summary>A trained classifier over Age, Spend and City.</summary>
    public string Model { get; }

    /// <summary>Copies one column of every type.</summary>
    public string Types { get; }

    /// <summary>Copies an INT64, an FP64 and an FP32 column.</summary>
    public string Mixed { get; }

    /// <summary>Joins two numbers into a vector.</summary>
    public string Sum { get; }

    public static VisitRow[] Rows { get; } = [.. Enumerable.Range(0, 120).Select(static i => new VisitRow
    {
        Age = 20 + (i * 7 % 50),
        Spend = 5 + (i * 13 % 90),
        City = (i % 3) switch { 0 => "Bonn", 1 => "Ulm", _ => "Kiel" },
        // Some labels go against the rule, so that the probabilities are not all 0 and 1.
        Label = ((i * 7 % 50) + (i * 13 % 90) > 65) ^ (i % 7 == 0),
    })];

    /// <summary>What ML.NET's own engine says of the rows.</summary>
    public VisitAnswer[] Reference(IEnumerable<VisitRow> rows)
    {
        ITransformer model = s_ml.Model.Load(Model, out DataViewSchema schema);
        using PredictionEngine<VisitRow, VisitAnswer> engine = s_ml.Model.CreatePredictionEngine<VisitRow, VisitAnswer>(model, schema);
        return [.. rows.Select(engine.Predict)];
    }

    public string SaveWithoutSchema()
    {
        string path = Path.Combine(Folder, "bare.zip");
        s_ml.Model.Save(s_ml.Transforms.Concatenate("Both", "Left", "Right").Fit(s_ml.Data.LoadFromEnumerable([new PairRow()])), null, path);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static IDataView Visits() => s_ml.Data.LoadFromEnumerable(Rows);

    private static IDataView Everything() => s_ml.Data.LoadFromEnumerable([new EveryTypeRow()]);

    /// <summary>One step per column, each making NAMEOut of NAME.</summary>
    private static EstimatorChain<ITransformer> Copies(params string[] names) => names.Aggregate(
        new EstimatorChain<ITransformer>(), static (chain, name) => chain.Append<ITransformer>(s_ml.Transforms.CopyColumns(name + "Out", name)));

    private string Save(string file, IDataView data, IEstimator<ITransformer> pipeline)
    {
        string path = Path.Combine(Folder, file);
        s_ml.Model.Save(pipeline.Fit(data), data.Schema, path);
        return path;
    }
}
