using System.Text.Json;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

public sealed class ShapAnswerTests
{
    public static TheoryData<string, string, string, string> Golden => new()
    {
        { "lr", "probability", "identity", """{"explainer":"KernelShap","nsamples":1022}""" },
        { "mlp", "probability", "identity", """{"explainer":"KernelShap","nsamples":1022}""" },
        { "gb", "probability", "identity", """{"explainer":"KernelShap","nsamples":1022}""" },
        { "rf", "probability", "identity", """{"explainer":"Shap","model_output":"probability"}""" },
        { "gb", "margin", "identity", """{"explainer":"Shap","model_output":"raw"}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Values_OverHttp_AreTheExactOnes(string model, string output, string link, string parameters)
    {
        using ArtifactFolder folder = Served.Kit10(model);
        await using SidecarTestHost host = await Served.StartAsync(folder);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Kit.File($"golden/exact.breast_cancer10_{model}.json")));
        JsonElement exact = golden.RootElement.GetProperty("cases").EnumerateArray().First(c =>
            c.At("output").GetString() == output && c.At("link").GetString() == link && c.At("game").GetString() == "interventional");
        int[] rows = [.. exact.At("rows").EnumerateArray().Take(6).Select(static r => r.GetInt32())];

        JsonElement answer = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(rows), parameters));

        JsonElement values = answer.At("data.shap_values");
        answer.At("meta.run.exact").GetBoolean().Should().BeTrue();
        int outputs = exact.At("values.0").GetArrayLength();
        values.GetArrayLength().Should().Be(outputs);
        for (int c = 0; c < outputs; c++)
        {
            answer.At($"data.expected_value.{c}").GetDouble().Should().BeApproximately(exact.At($"expected_value.{c}").GetDouble(), 1e-5);
            for (int r = 0; r < rows.Length; r++)
            {
                double[] expected = exact.At($"values.{r}.{c}").Numbers();
                double[] actual = values.At($"{c}.{r}").Numbers();
                actual.Zip(expected).Max(static p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-5, "of row {0}, output {1}", r, c);
                answer.At($"data.standard_errors.{c}.{r}").Numbers().Should().Equal(new double[10]);
            }
        }
    }

    [Fact]
    public async Task KernelShap_Answer_HasAlibisShape_AndOurs()
    {
        using ArtifactFolder folder = Served.Kit10("lr");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement answer = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3, 4), """{"explainer":"kernelshap","nsamples":64,"seed":5}"""));

        answer.Keys().Should().Equal("meta", "data");
        answer.At("meta").Keys().Should().Equal("name", "type", "task", "explanations", "params", "version", "run");
        answer.At("meta.params").Keys().Should().Equal(
            "link", "group_names", "grouped", "groups", "weights", "summarise_background", "summarise_result", "transpose", "kwargs",
            "seed", "nsamples", "l1_reg", "stop_at_error", "deadline_ms");
        answer.At("data").Keys().Should().Equal("shap_values", "expected_value", "categorical_names", "feature_names", "standard_errors", "raw");
        answer.At("data.raw").Keys().Should().Equal("raw_prediction", "prediction", "instances", "importances");
        answer.At("data.raw.importances").Keys().Should().Equal("0", "1", "aggregated");
        double[] ranked = answer.At("data.raw.importances.0.ranked_effect").Numbers();
        ranked.Should().BeInDescendingOrder().And.HaveCount(10);
        answer.At("data.standard_errors.1.0").Numbers().Should().Contain(static e => e > 0);
        answer.At("meta.run.exact").GetBoolean().Should().BeFalse();
        answer.At("meta.run.seed").GetInt32().Should().Be(5);
        answer.At("meta.run.samples").GetInt32().Should().BeInRange(62, 64);
        answer.At("meta.run.background").Keys().Should().Equal("rows", "method", "sha256");
        for (int row = 0; row < 2; row++)
        {
            double sum = answer.At($"data.shap_values.1.{row}").Numbers().Sum() + answer.At("data.expected_value.1").GetDouble();
            sum.Should().BeApproximately(answer.At($"data.raw.raw_prediction.{row}.1").GetDouble(), 1e-6);
        }
    }

    [Fact]
    public async Task TreeShap_Answer_HasAlibisShape_AndInteractionsWhenAsked()
    {
        using ArtifactFolder folder = Served.Kit10("gb", """{"type":"TreeShap"}""");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement plain = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3)));
        JsonElement both = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3), """{"interactions":true}"""));

        plain.At("meta.name").GetString().Should().Be("TreeShap");
        plain.At("meta.type.0").GetString().Should().Be("whitebox");
        plain.At("meta.params").Keys().Should().StartWith(
            ["model_output", "summarise_background", "summarise_result", "approximate", "interactions", "explain_loss", "algorithm", "kwargs"]);
        plain.At("data").Keys().Should().Equal(
            "shap_values", "shap_interaction_values", "expected_value", "categorical_names", "feature_names", "standard_errors", "raw");
        plain.At("data.raw").Keys().Should().Equal("raw_prediction", "loss", "prediction", "instances", "labels", "importances");
        plain.At("data.shap_interaction_values").GetRawText().Should().Be("[[]]");
        plain.At("data.raw.raw_prediction.0").ValueKind.Should().Be(JsonValueKind.Number, "one output is squeezed");
        for (int player = 0; player < 10; player++)
        {
            both.At($"data.shap_interaction_values.0.0.{player}").Numbers().Sum()
                .Should().BeApproximately(both.At($"data.shap_values.0.0.{player}").GetDouble(), 1e-9);
        }
    }

    [Fact]
    public async Task Shap_OfALinearModel_IsLinearAndExact()
    {
        using ArtifactFolder folder = Served.Kit10("lr");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement answer = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(3), """{"explainer":"Shap"}"""));

        answer.At("meta.run.method").GetString().Should().Be("LinearShap");
        answer.At("meta.run.exact").GetBoolean().Should().BeTrue();
        answer.At("meta.run.predictor_calls").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task PathDependent_Values_AreCountedWhenFirstAskedFor_AndAreTheExactOnes()
    {
        using ArtifactFolder folder = Served.Kit10("gb", """{"type":"TreeShap"},{"type":"Shap"}""");
        await using SidecarTestHost host = await Served.StartAsync(folder);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Kit.File("golden/exact.breast_cancer10_gb.json")));
        JsonElement exact = golden.RootElement.GetProperty("cases").EnumerateArray().First(static c => c.At("game").GetString() == "tree_path_dependent");

        foreach (string explainer in new[] { "TreeShap", "Shap" })
        {
            JsonElement answer = await host.ExplainAsync(Served.Rows(
                Served.Kit10Rows(exact.At("rows.0").GetInt32()), $$"""{"explainer":"{{explainer}}","algorithm":"tree_path_dependent"}"""));

            answer.At("data.shap_values.0.0").Numbers().Zip(exact.At("values.0.0").Numbers()).Max(static p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-5);
            answer.At("meta.run.background").ValueKind.Should().Be(JsonValueKind.Null, "the game looks at no background");
        }
    }

    [Fact]
    public async Task Groups_OfColumns_AreThePlayers()
    {
        using ArtifactFolder folder = Served.Kit10("lr");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement answer = await host.ExplainAsync(Served.Rows(
            Served.Kit10Rows(3), """{"explainer":"KernelShap","groups":[[0,1,2,3],[4,5],[6,7,8,9]],"group_names":["size","texture","shape"]}"""));

        answer.At("data.feature_names").EnumerateArray().Select(static n => n.GetString()).Should().Equal("size", "texture", "shape");
        answer.At("data.shap_values.0.0").GetArrayLength().Should().Be(3);
        answer.At("meta.params.grouped").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Missing_Values_AreNullInTheAnswer()
    {
        using ArtifactFolder folder = Served.People("""{"type":"KernelShap"}""");
        await using var predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Served.Judge);
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor);

        JsonElement answer = await host.ExplainAsync(Served.Rows(["[null,\"farm\"]"]));

        answer.At("data.raw.instances").GetRawText().Should().Be("[[null,0]]");
        answer.At("data.categorical_names").GetRawText().Should().Be("""{"1":["farm","office","none"]}""");
    }
}
