using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>Explainers that are attached to a model, <c>/explain</c>, and the one parameter that may be an object.</summary>
public sealed class ExplainerTests
{
    private const string Body = """{"instances":[[1,2]]}""";

    [Fact]
    public async Task Explain_WithAnExplainer_GetsThePreprocessedRequest_AndItsAnswerStaysAsItIs()
    {
        await using var predictor = new ScriptedPredictor().Always(Tensor.Create("p", [0.5f], 1));
        var explainer = new Recording(explainsHooks: false);
        await using SidecarTestHost host = await StartAsync(explainer, predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync("/v1/models/model:explain", TestCalls.Json(Body));

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"saw":[[10,20]],"arrived":[[1,2]],"asked":[0.5]}""");
        explainer.Loads.Should().Be(1);
        predictor.Calls.Single().Request.Body.ToArray().Should().Equal("""{"instances":[[10,20]]}"""u8.ToArray());
    }

    [Fact]
    public async Task Explain_OfTheHooks_GetsTheRequestAsItCame_AndAsksThroughAllOfThem()
    {
        await using var predictor = new ScriptedPredictor().Always(Tensor.Create("p", [0.5f], 1));
        await using SidecarTestHost host = await StartAsync(new Recording(explainsHooks: true), predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync("/v1/models/model:explain", TestCalls.Json(Body));

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"saw":[[1,2]],"arrived":[[1,2]],"asked":["post"]}""");
        predictor.Calls.Single().Request.Body.ToArray().Should().Equal("""{"instances":[[10,20]]}"""u8.ToArray());
        string metrics = await host.Http.GetStringAsync("/metrics");
        metrics.Should().Contain("request_explain_seconds_count{model_name=\"model\"} 1").And.NotContain("request_predict_seconds_count{");
    }

    [Fact]
    public async Task Predict_WithAnExplainer_GoesTheUsualWay()
    {
        await using var predictor = new ScriptedPredictor().Always(Tensor.Create("p", [0.5f], 1));
        await using SidecarTestHost host = await StartAsync(new Recording(explainsHooks: true), predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync("/v1/models/model:predict", TestCalls.Json(Body));

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"predictions":["post"]}""");
    }

    [Fact]
    public async Task Start_WhenTheExplainerCannotLoad_Fails()
    {
        Func<Task> start = () => StartAsync(new Recording(explainsHooks: false, fails: true), null);

        await start.Should().ThrowAsync<SidecarConfigurationException>().WithMessage("no data");
    }

    [Fact]
    public async Task Stop_OfTheServer_StopsTheExplainer()
    {
        var explainer = new Recording(explainsHooks: false);
        await using (SidecarTestHost host = await StartAsync(explainer, null))
        {
            await host.StopAsync();
        }

        explainer.Stops.Should().Be(1);
    }

    [Fact]
    public async Task PlainExplain_OnAServerOfOneModel_TakesV2AndAnswersTheJsonAlone()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Explaining>();

        using HttpResponseMessage answer = await host.Http.PostAsync(
            "/explain", TestCalls.Json("""{"id":"a","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""));

        ((int)answer.StatusCode).Should().Be(200);
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"sum":3}""");
    }

    [Fact]
    public async Task PlainExplain_OnAServerOfTwo_Answers404_AndNamesTheUrls()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(static b => b.Sidecar.AddModel<Explaining>("a").AddModel<Explaining>("b", "b2"));

        using HttpResponseMessage answer = await host.Http.PostAsync("/explain", TestCalls.Json("{}"));

        ((int)answer.StatusCode).Should().Be(404);
        (await answer.ErrorAsync()).Should().Be("/explain needs a server of one model, this one has 2. Use /v1/models/a:explain or /v1/models/b:explain.");
    }

    [Fact]
    public async Task PlainExplain_WithGet_Answers405()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Explaining>();

        using HttpResponseMessage answer = await host.Http.GetAsync("/explain");

        ((int)answer.StatusCode).Should().Be(405);
    }

    [Theory]
    [InlineData(PredictorProtocol.V2, "{\"nsamples\":64,\"groups\":[[0,1]]}")]
    [InlineData(PredictorProtocol.GrpcV2, "{\"nsamples\":64,\"groups\":[[0,1]]}")]
    public async Task ExplainParameters_OfAV2Request_ReachThePredictor(PredictorProtocol protocol, string expected)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(Tensor.Create("p", [0.5f], 1)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Doubling>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(
            """{"parameters":{"explain_parameters":{"nsamples":64,"groups":[[0,1]]},"k":1},"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""));

        ((int)answer.StatusCode).Should().Be(200);
        object sent = predictor.Calls.Single().Request.Parameters!["explain_parameters"];
        (sent is JsonElement json ? json.GetRawText() : sent).Should().Be(expected);
        predictor.Calls.Single().Request.Parameters!["k"].Should().Be(1L);
    }

    [Theory]
    [InlineData("""{"parameters":{"other":{}},"inputs":[]}""", "parameter 'other' must be a number, a boolean or a string")]
    [InlineData("""{"parameters":{"explain_parameters":[1]},"inputs":[]}""", "parameter 'explain_parameters' must be a number, a boolean or a string")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"parameters":{"explain_parameters":{}}}]}""",
        "parameter 'explain_parameters' must be a number, a boolean or a string")]
    public async Task ParametersThatAreObjects_AnywhereElse_AreRefused(string body, string error)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Looking>();

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(body));

        ((int)answer.StatusCode).Should().Be(400);
        (await answer.ErrorAsync()).Should().Be(error);
    }

    [Fact]
    public void UseExplainer_WithoutAModelOrTwice_IsRefused()
    {
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder([]);
        Action use = () => builder.Sidecar.UseExplainer(static _ => new Recording(false));

        use.Should().Throw<InvalidOperationException>().WithMessage("There is no model*");
        builder.Sidecar.AddModel<TenTimes>();
        use.Should().NotThrow();
        use.Should().Throw<InvalidOperationException>().WithMessage("*explainer already*");
    }

    private static Task<SidecarTestHost> StartAsync(IExplainer explainer, IPredictor? predictor) =>
        SidecarTestHost.StartAsync(b => b.Sidecar.AddModel<TenTimes>().UseExplainer(_ => explainer), predictor);

    /// <summary>Writes what it saw, and what the predictor of its context says to the same.</summary>
    private sealed class Recording(bool explainsHooks, bool fails = false) : IExplainer
    {
        public int Loads { get; private set; }

        public int Stops { get; private set; }

        public bool ExplainsHooks => explainsHooks;

        public ValueTask LoadAsync(CancellationToken cancellation)
        {
            Loads++;
            return fails ? throw new SidecarConfigurationException("no data") : ValueTask.CompletedTask;
        }

        public async ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context)
        {
            InferRequest asking = InferRequest.FromBody(request.Body);
            using InferResponse asked = await context.PredictAsync(asking);
            return InferResponse.FromJson(new JsonObject
            {
                ["saw"] = JsonNode.Parse(request.Instances.GetRawText()),
                ["arrived"] = JsonNode.Parse(context.Arrived!.Instances.GetRawText()),
                ["asked"] = JsonNode.Parse(asked.Predictions.GetRawText()),
            });
        }

        public ValueTask StopAsync(CancellationToken cancellation)
        {
            Stops++;
            return ValueTask.CompletedTask;
        }
    }

    public sealed class TenTimes : Model
    {
        protected override InferRequest Preprocess(InferRequest request, InferenceContext context) =>
            InferRequest.FromInstances(new JsonArray([.. request.Instances.EnumerateArray().Select(static row =>
                (JsonNode)new JsonArray([.. row.EnumerateArray().Select(static v => (JsonNode)(v.GetInt32() * 10))]))]));

        protected override InferResponse Postprocess(InferResponse response, InferenceContext context) =>
            InferResponse.FromPredictions(new JsonArray("post"));
    }

    public sealed class Explaining : Model
    {
        protected override InferResponse Explain(InferRequest request, InferenceContext context) =>
            InferResponse.FromJson(new JsonObject { ["sum"] = request.Inputs[0].ToArray<int>().Sum() });
    }
}
