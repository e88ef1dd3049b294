using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>Explainers in a transformer's own process: of the predictor behind it, and of the transformer as a whole.</summary>
public sealed class ExplainWithTests
{
    [Fact]
    public async Task PreprocessFirst_TheRequestIsPreprocessedOnce_AndThePredictorsFeaturesAreVaried()
    {
        using ArtifactFolder folder = Served.People("""{"type":"KernelShap"}""");
        await using var predictor = new ScriptedPredictor().Always(Served.Judge);
        var model = new Person();
        await using SidecarTestHost host = await StartAsync(folder, model, predictor, preprocessFirst: true);

        JsonElement answer = await host.ExplainAsync(Served.Json("""{"instances":[{"born":1990,"job":"Office"}],"parameters":{"seed":3}}"""));

        answer.At("meta.run.seed").GetInt32().Should().Be(3, "parameters are the caller's, whatever Preprocess returned");
        answer.At("data.raw.instances").GetRawText().Should().Be("[[36,1]]");
        model.Preprocessed.Should().Be(1);
        model.Postprocessed.Should().Be(0, "Postprocess is for predictions");
        predictor.Calls.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Hooks_OfTheModel_AreExplainedThroughTheCallersOwnRows()
    {
        using ArtifactFolder folder = new ArtifactFolder()
            .With("train.csv", "born,job\n" + string.Concat(Enumerable.Range(0, 60).Select(static i => $"{1950 + i},{(i % 2 == 0 ? "Farm" : "Office")}\n")))
            .With("explainer.json", """
                {"schema":"sidecars/explainer-v1","features":[{"name":"born"},{"name":"job","categories":["Farm","Office"]}],"classes":["no","yes"],
                 "data":"train.csv","background":{"method":"sample","rows":10},"explainers":[{"type":"KernelShap"}],"output":"chance"}
                """);
        await using var predictor = new ScriptedPredictor().Always(Served.Judge);
        var model = new Person();
        await using SidecarTestHost host = await StartAsync(folder, model, predictor, preprocessFirst: false);

        JsonElement answer = await host.ExplainAsync(Served.Json("""{"instances":[{"born":1960,"job":"Office"}]}"""));

        answer.At("data.raw.instances").GetRawText().Should().Be("[[1960,1]]");
        answer.At("data.feature_names").GetRawText().Should().Be("""["born","job"]""");
        answer.At("data.raw.raw_prediction.0.0").GetDouble().Should().BeApproximately(0.9, 1e-6);
        double[] values = answer.At("data.shap_values.0.0").Numbers();
        values[0].Should().BeGreaterThan(0.1, "who was born in 1960 is old enough");
        values[1].Should().BeApproximately(0, 1e-9, "the job does not matter");
        model.Preprocessed.Should().Be(predictor.Calls.Count).And.BePositive();
        model.Postprocessed.Should().Be(predictor.Calls.Count);
        model.Jobs.Should().BeEquivalentTo(["Farm", "Office"], "Preprocess sees rows as callers put them");
    }

    private static Task<SidecarTestHost> StartAsync(ArtifactFolder folder, Person model, IPredictor predictor, bool preprocessFirst) =>
        SidecarTestHost.StartAsync(
            b => b.Sidecar.AddModel(_ => model).ExplainWith(o => (o.Directory, o.PreprocessFirst) = (folder.Path, preprocessFirst)), predictor);

    /// <summary>Turns a year and a job into age and code, and scores into an object.</summary>
    public sealed class Person : Model
    {
        private int _preprocessed;
        private int _postprocessed;

        public int Preprocessed => _preprocessed;

        public int Postprocessed => _postprocessed;

        public HashSet<string> Jobs { get; } = [];

        protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
        {
            Interlocked.Increment(ref _preprocessed);
            lock (Jobs)
            {
                Jobs.UnionWith(request.Instances.EnumerateArray().Select(static r => r.GetProperty("job").GetString()!));
            }

            return InferRequest.FromRows<float>([.. request.Instances.EnumerateArray().Select(static r =>
                new float[] { 2026 - r.GetProperty("born").GetSingle(), r.GetProperty("job").GetString() == "Office" ? 1 : 0 })]);
        }

        protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
        {
            Interlocked.Increment(ref _postprocessed);
            float[] scores = response.Outputs[0].ToArray<float>();
            return InferResponse.FromPredictions(new JsonArray([.. Enumerable.Range(0, scores.Length / 2).Select(i =>
                (JsonNode)new JsonObject { ["text"] = "x", ["chance"] = scores[(i * 2) + 1] })]));
        }
    }
}
