using System.Text.Json.Nodes;
using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;
using Sidecars.Explainers.Tests.Anchors;

namespace Sidecars.Explainers.Tests.Tabular;

public sealed class DiscretizerTests
{
    [Fact]
    public void Bins_OfBreastCancer_AreTheReference() => Check(AnchorUnits.Own["discretiser"]![0]!, static _ => false);

    [KitFact]
    public void Bins_OfAdult_AreTheReference()
    {
        JsonNode units = AnchorUnits.Read(Path.Combine(Kit.Folder!, "golden/units.json"))["discretiser"]!.AsArray()
            .First(static d => d!["dataset"]!.GetValue<string>() == "adult")!;
        HashSet<int> numeric = [.. units["features"]!.AsArray().Select(static f => (int)f!.Number("feature"))];
        Check(units, f => !numeric.Contains(f));
    }

    [Fact]
    public void Edges_OfMissingValues_AreThoseOfTheRest()
    {
        Discretizer discretizer = new(new TabularSchema([new TabularFeature("x")]), new TabularData([1, float.NaN, 3, 2, float.NaN], 1), [50]);
        discretizer.Edges(0).ToArray().Should().Equal(2);
    }

    [Fact]
    public void Bin_OfAnEdge_LiesBelowIt()
    {
        Discretizer discretizer = new(new TabularSchema([new TabularFeature("x")]), new TabularData([0, 1, 2, 3, 4], 1), [25, 50, 75]);
        new[] { 0f, 1f, 1.5f, 2f, 3f, 9f }.Select(v => discretizer.Bin(0, v)).Should().Equal(0, 0, 1, 1, 2, 3);
    }

    private static void Check(JsonNode units, Func<int, bool> categorical)
    {
        string dataset = units["dataset"]!.GetValue<string>();
        TabularData train = Kit.Rows($"data/{dataset}.train.csv");
        TabularData test = Kit.Rows($"data/{dataset}.test.csv");
        string[] codes = [.. Enumerable.Range(0, 100).Select(static c => $"{c}")];
        TabularSchema schema = new([.. Enumerable.Range(0, train.Features).Select(f => new TabularFeature($"f{f}", categorical(f) ? codes : null))]);
        Discretizer discretizer = new(schema, train, Discretizer.Quartiles);
        RowIndex index = new(train);
        foreach (JsonNode feature in units["features"]!.AsArray().OfType<JsonNode>())
        {
            int f = (int)feature.Number("feature");
            discretizer.Edges(f).ToArray().Should().Equal(feature["edges"]!.AsArray().Select(static e => e!.GetValue<double>()));
            int[] counts = new int[discretizer.Edges(f).Length + 1];
            for (int row = 0; row < train.Rows; row++)
            {
                counts[discretizer.Bin(f, train[row][f])]++;
            }

            counts.Should().Equal(feature["train_bin_counts"]!.AsArray().Select(static c => c!.GetValue<int>()));
        }

        foreach (JsonNode c in units["cases"]!.AsArray().OfType<JsonNode>())
        {
            List<Condition> conditions = Conditions.Of(test[(int)c.Number("row")], schema, discretizer, index);
            conditions.Select(static o => (o.Predicate, o.Rows.Count)).Should().Equal(
                c["candidates"]!.AsArray().Select(static o => (new AnchorPredicate(
                    (int)o.Number("feature"), (int?)o!["eq"]?.GetValue<double>(), o["gt"]?.GetValue<double>(), o["le"]?.GetValue<double>()),
                    (int)o.Number("train_rows"))));
        }
    }
}
