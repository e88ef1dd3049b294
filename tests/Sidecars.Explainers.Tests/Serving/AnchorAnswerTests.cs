using System.Text.Json;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

public sealed class AnchorAnswerTests
{
    [Fact]
    public async Task Anchor_OfOneRow_HasAlibisShape_AndOurs()
    {
        using ArtifactFolder folder = Served.Kit10("gb");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement answer = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3)));

        answer.Keys().Should().Equal("meta", "data");
        answer.At("meta").Keys().Should().Equal("name", "type", "explanations", "params", "version", "run");
        answer.At("meta.params").Keys().Should().Equal(
            "seed", "disc_perc", "threshold", "delta", "tau", "batch_size", "coverage_samples", "beam_size", "stop_on_first", "max_anchor_size",
            "min_samples_start", "n_covered_ex", "binary_cache_size", "cache_margin", "verbose", "verbose_every", "kwargs", "deadline_ms");
        answer.At("meta.run").Keys().Should().Equal(
            "method", "exact", "seed", "samples", "predictor_calls", "rows", "elapsed_seconds", "model_seconds", "background", "model_sha256");
        answer.At("data").Keys().Should().Equal("anchor", "precision", "coverage", "status", "precision_interval", "confidence", "raw");
        answer.At("data.raw").Keys().Should().Equal(
            "feature", "mean", "precision", "coverage", "examples", "all_precision", "num_preds", "success", "names", "prediction", "instance", "instances", "predicates");
        answer.At("data.status").GetString().Should().Be("met");
        answer.At("data.raw.success").GetBoolean().Should().BeTrue();
        double[] interval = answer.At("data.precision_interval").Numbers();
        answer.At("data.precision").GetDouble().Should().BeInRange(interval[0], interval[1]).And.BeGreaterThan(0.9);
        answer.At("data.confidence").GetDouble().Should().Be(0.9);
        answer.At("data.raw.num_preds").GetInt64().Should().Be(answer.At("meta.run.rows").GetInt64()).And.BePositive();
        answer.At("meta.run.background.rows").GetInt32().Should().Be(398);
        answer.At("meta.run.background.sha256").GetString().Should().HaveLength(64);
        answer.At("meta.run.model_sha256").GetString().Should().HaveLength(64);
    }

    [Fact]
    public async Task Predicates_OfAnAnchor_HoldForItsRowWithExactBounds()
    {
        using ArtifactFolder folder = Served.Kit10("gb");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement data = (await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3)))).At("data");

        double[] row = data.At("raw.instance").Numbers();
        JsonElement[] predicates = [.. data.At("raw.predicates").EnumerateArray()];
        predicates.Should().HaveCount(data.At("anchor").GetArrayLength()).And.NotBeEmpty();
        foreach (JsonElement predicate in predicates)
        {
            double value = row[predicate.At("index").GetInt32()];
            (predicate.TryGetProperty("gt", out JsonElement gt) || predicate.TryGetProperty("le", out _)).Should().BeTrue();
            if (gt.ValueKind == JsonValueKind.Number)
            {
                value.Should().BeGreaterThan(gt.GetDouble());
            }

            if (predicate.TryGetProperty("le", out JsonElement le))
            {
                value.Should().BeLessThanOrEqualTo(le.GetDouble() + 1e-6);
            }
        }
    }

    [Fact]
    public async Task Categories_OfAnAnchor_HaveCodeAndName()
    {
        using ArtifactFolder folder = Served.People();
        await using var predictor = new ScriptedPredictor().Always(static call =>
        {
            float[] rows = call.Request.Inputs[0].ToArray<float>();
            return InferResponse.FromTensors(Tensor.Create("p", [.. rows.Where(static (_, i) => i % 2 == 1).Select(static work => work == 1 ? 1f : 0f)], rows.Length / 2));
        });
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor);

        JsonElement data = (await host.ExplainAsync(Served.Rows(["""{"age":30,"work":"office"}"""]))).At("data");

        data.At("raw.predicates").GetRawText().Should().Be("""[{"feature":"work","index":1,"eq":1,"category":"office"}]""");
        data.At("anchor.0").GetString().Should().Be("work = office");
        data.At("precision").GetDouble().Should().Be(1);
    }

    [Fact]
    public async Task Anchors_OfSeveralRows_AreThoseOfEachAlone()
    {
        using ArtifactFolder folder = Served.Kit10("gb");
        await using SidecarTestHost host = await Served.StartAsync(folder);
        string[] rows = Served.Kit10Rows(0, 1, 2);

        JsonElement several = await host.ExplainAsync(Served.Rows(rows));

        several.Keys().Should().Equal("explanations");
        several.At("explanations").GetArrayLength().Should().Be(3);
        for (int i = 0; i < 3; i++)
        {
            JsonElement alone = await host.ExplainAsync(Served.Rows([rows[i]]));
            Served.Timeless(several.At($"explanations.{i}").GetRawText()).Should().Be(Served.Timeless(alone.GetRawText()));
        }
    }

    [Fact]
    public async Task Anchor_WithoutConditions_HasNumbersWhereAlibiHasLists()
    {
        using ArtifactFolder folder = Served.People();
        await using var predictor = new ScriptedPredictor().Always(static call =>
            InferResponse.FromTensors(Tensor.Create("p", Enumerable.Repeat(0.9f, call.Request.Inputs[0].Count / 2).ToArray())));
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor);

        JsonElement data = (await host.ExplainAsync(Served.Rows(["[30,1]"]))).At("data");

        data.At("anchor").GetArrayLength().Should().Be(0);
        data.At("precision").GetDouble().Should().Be(1);
        data.At("coverage").GetDouble().Should().Be(1);
        data.At("raw.all_precision").ValueKind.Should().Be(JsonValueKind.Number);
        data.At("raw.examples").GetArrayLength().Should().Be(0);
    }
}
