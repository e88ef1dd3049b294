using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests.Progress;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>Progress and counters of served explanations.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData("AnchorTabular", 1, "condition", false)]
    [InlineData("AnchorTabular", 3, "of 3 rows explained", true)]
    [InlineData("KernelShap", 1, "coalitions played", true)]
    [InlineData("Shap", 2, "of 2 rows explained", true)]
    public async Task Explanation_WithAListener_TellsHowFarItIs_AndAnswersTheSame(string explainer, int rows, string says, bool fraction)
    {
        using ArtifactFolder folder = Served.Kit10("gb");
        var tabular = new TabularExplainer(new TabularExplainerOptions { Directory = folder.Path });
        await tabular.LoadAsync(CancellationToken.None);
        TabularData data = Kit.Rows("data/breast_cancer10.test.csv");
        var some = new TabularData(data.Values[..(rows * data.Features)].ToArray(), data.Features);
        var given = new Dictionary<string, string> { ["explainer"] = explainer };
        var heard = new Heard<ExplainProgress>();
        var predictor = new ScriptedPredictor();
        try
        {
            ReadOnlyMemory<byte> listened = await tabular.ExplainAsync(some, new InferenceContext("m", predictor) { Progress = heard }, given);
            ReadOnlyMemory<byte> plain = await tabular.ExplainAsync(some, new InferenceContext("m", predictor), given);

            heard.Reports.Should().NotBeEmpty().And.OnlyContain(p => p.Message.Contains(says));
            heard.Reports.Should().OnlyContain(p => p.Fraction.HasValue == fraction && (p.Fraction == null || (p.Fraction >= 0 && p.Fraction <= 1)));
            Text(listened).Should().Be(Text(plain));
        }
        finally
        {
            await tabular.StopAsync(CancellationToken.None);
            await predictor.DisposeAsync();
        }

        static string Text(ReadOnlyMemory<byte> json) => Served.Timeless(System.Text.Encoding.UTF8.GetString(json.Span));
    }

    [Fact]
    public async Task Metrics_OfAnExplainer_ShowWhatItsModelWasAsked()
    {
        using ArtifactFolder folder = Served.Kit10("mlp");
        await using SidecarTestHost host = await Served.StartAsync(folder, configure: static o => o.Merge = true);
        await host.ExplainAsync(Served.Rows(Served.Kit10Rows(0, 1), """{"explainer":"AnchorTabular"}"""));
        string text = await host.Http.GetStringAsync("/metrics");

        foreach (string series in (string[])[
            "explainer_rows_explained_total{method=\"AnchorTabular\"}", "explainer_score_calls_total{method=\"AnchorTabular\"}",
            "explainer_score_rows_total{method=\"AnchorTabular\"}", "explainer_model_rows_total{scorer=\"onnx\"}",
            "explainer_model_seconds_count{scorer=\"onnx\"}", "explainer_model_run_rows_bucket{le=\"16384.0\",scorer=\"onnx\"}",
            "explainer_merged_calls_total", "explainer_merged_runs_total"])
        {
            Match value = Regex.Match(text, $"^{Regex.Escape(series)} (\\S+)$", RegexOptions.Multiline);
            value.Success.Should().BeTrue($"there is {series} in {text}");
            double.Parse(value.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture).Should().BePositive();
        }
    }

    [Fact]
    public void Docs_OfMetrics_ListEveryInstrument()
    {
        ScorerMeter.Called();
        List<string> families = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "Sidecars.Explainers")
            {
                families.Add(instrument is Counter<long> ? $"| `{instrument.Name}_total` | counter |" : $"| `{instrument.Name}` | histogram |");
            }
        };
        listener.Start();

        families.Should().HaveCountGreaterThan(5);
        File.ReadAllText(Repository.File("docs/metrics.md")).Should().ContainAll(families);
    }
}
