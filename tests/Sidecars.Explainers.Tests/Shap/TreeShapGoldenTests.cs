using System.Text.Json.Nodes;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>Every case of the kit's exact values, by brute force: values, interactions, expected values and predictions.</summary>
public sealed class TreeShapGoldenTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("breast_cancer10_gb")]
    [InlineData("breast_cancer10_rf")]
    [InlineData("diabetes_gbr")]
    public void Values_OfAModel_AreThoseOfBruteForce(string model) => Check(model);

    [KitTheory]
    [InlineData("adult_gb")]
    [InlineData("breast_cancer_gb")]
    [InlineData("breast_cancer_rf")]
    [InlineData("diabetes_rfr")]
    public void Values_OfAModelOfTheKit_AreThoseOfBruteForce(string model) => Check(model);

    private static void Check(string model)
    {
        string data = model[..model.LastIndexOf('_')];
        TabularData train = Kit.Rows($"data/{data}.train.csv"), test = Kit.Rows($"data/{data}.test.csv");
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Kit.File($"golden/exact.{model}.json")))!;
        TabularData background = Select(train, Array<int>(golden["background_rows"]!));
        TreeEnsemble trees = TreeEnsembleReader.TryRead(Kit.File($"models/{model}.onnx"))!;
        double[][] covers = Array<double[]>(JsonNode.Parse(File.ReadAllText(Kit.File($"models/{model}.cover.json")))!["cover"]!);
        var shap = new TreeShap(trees with { Covers = [.. covers.SelectMany(static c => c)] }, Background.Uniform(background));
        foreach (JsonNode golds in golden["cases"]!.AsArray()!)
        {
            JsonNode gold = golds!;
            int[] ids = Array<int>(gold["rows"]!);
            int interactions = gold["interactions"]?.AsArray().Count ?? 0;
            ShapExplanation mine = shap.Explain(Select(test, ids), new ShapOptions
            {
                Link = (string)gold["link"]! == "logit" ? ShapLink.Logit : ShapLink.Identity,
                ModelOutput = (string)gold["output"]! == "probability" ? ShapModelOutput.Probability : ShapModelOutput.Raw,
                Algorithm = (string)gold["game"]! == "interventional" ? TreeShapAlgorithm.Interventional : TreeShapAlgorithm.TreePathDependent,
                Interactions = interactions > 0,
            });
            string name = $"{gold["output"]}/{gold["link"]}/{gold["game"]}";
            double[] values = [.. Array<double[][]>(gold["values"]!).SelectMany(static r => r.SelectMany(static o => o))];

            // float32 leaves have float32's share of error, and a logit magnifies it near 0 and 1.
            double[] edge = gold["edge"] is { } e ? Array<double>(e) : [];
            double[] tolerance = [.. ids.Select((_, row) => Math.Max(Tolerance, edge.Length > 0 ? 2e-7 / edge[row] : 0))];
            Near(mine.Values, values, tolerance, $"{name} values");
            Near(mine.RawPrediction, [.. Array<double[]>(gold["fx"]!).SelectMany(static r => r)], tolerance, $"{name} predictions");
            Near(mine.ExpectedValue, Array<double>(gold["expected_value"]!), [Tolerance], $"{name} expected value");
            Additive(mine);
            if (interactions > 0)
            {
                double[] pairs = [.. Array<double[][][]>(gold["interactions"]!).SelectMany(static r => r.SelectMany(static o => o.SelectMany(static i => i)))];
                Near(mine.Interactions![..pairs.Length], pairs, [.. tolerance.Take(interactions)], $"{name} interactions");
            }
        }
    }

    private static void Near(double[] mine, double[] golden, double[] tolerance, string because)
    {
        mine.Should().HaveCount(golden.Length, because);
        double scale = Math.Max(1, golden.Max(Math.Abs));
        int each = golden.Length / tolerance.Length;
        for (int i = 0; i < golden.Length; i++)
        {
            mine[i].Should().BeApproximately(golden[i], tolerance[i / each] * scale, "{0} at {1}", because, i);
        }
    }

    private static void Additive(ShapExplanation shap)
    {
        for (int i = 0; i < shap.RawPrediction.Length; i++)
        {
            double sum = shap.ExpectedValue[i % shap.Outputs] + shap.Values.Skip(i * shap.Players).Take(shap.Players).Sum();
            sum.Should().BeApproximately(shap.RawPrediction[i], 1e-9 * Math.Max(1, Math.Abs(sum)));
        }
    }

    private static TabularData Select(TabularData data, int[] rows) =>
        new([.. rows.SelectMany(row => data[row].ToArray())], data.Features);

    private static T[] Array<T>(JsonNode node) => System.Text.Json.JsonSerializer.Deserialize<T[]>(node)!;
}
