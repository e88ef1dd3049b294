using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecars.MLNet.Tests;

/// <summary>An ML.NET model behind a sidecar, called over sockets by each protocol.</summary>
public sealed class MLNetServingTests(ModelFiles files) : IClassFixture<ModelFiles>
{
    private const string V1Row = """{"instances":[{"Age":55,"Spend":80,"City":"Ulm"},{"Age":21,"Spend":6,"City":"Bonn"}]}""";

    [Fact]
    public async Task Predict_OverV1_AnswersOneObjectPerRow()
    {
        await using SidecarApplication app = await StartAsync();
        VisitAnswer[] expected = Expected();
        (HttpStatusCode status, string text) = await PostAsync(app, "/v1/models/visits:predict", V1Row);
        JsonArray predictions = JsonNode.Parse(text)!["predictions"]!.AsArray();
        predictions.Select(p => string.Join(',', p!.AsObject().Select(f => f.Key))).Should().Equal(
            "PredictedLabel,Score,Probability", "PredictedLabel,Score,Probability");
        predictions.Select(p => p!["PredictedLabel"]!.GetValue<bool>()).Should().Equal(expected.Select(e => e.PredictedLabel));
        predictions.Select(p => p!["Score"]!.GetValue<float>()).Should().Equal(expected.Select(e => e.Score));
        predictions.Select(p => p!["Probability"]!.GetValue<float>()).Should().Equal(expected.Select(e => e.Probability));
        status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Infer_OverV2_GivesTheOutputsAskedFor()
    {
        await using SidecarApplication app = await StartAsync();
        (HttpStatusCode status, string text) = await PostAsync(app, "/v2/models/visits/infer", """
            {"id":"7","inputs":[{"name":"Age","datatype":"FP32","shape":[1],"data":[55]},{"name":"Spend","datatype":"FP32","shape":[1],"data":[80]},
            {"name":"City","datatype":"BYTES","shape":[1],"data":["Ulm"]}],"outputs":[{"name":"Probability"}]}
            """);
        status.Should().Be(HttpStatusCode.OK);
        JsonNode answer = JsonNode.Parse(text)!;
        answer["id"]!.GetValue<string>().Should().Be("7");
        JsonNode output = answer["outputs"]!.AsArray().Should().ContainSingle().Which!;
        output["name"]!.GetValue<string>().Should().Be("Probability");
        output["data"]![0]!.GetValue<float>().Should().Be(Expected()[0].Probability);
    }

    [Fact]
    public async Task Infer_OverGrpc_GivesTheSameTensors()
    {
        await using SidecarApplication app = await StartAsync();
        await using var client = new InferenceClient(new InferenceClientOptions
        {
            Host = "127.0.0.1:" + Port(app, 1), Protocol = PredictorProtocol.GrpcV2,
        });
        using InferResponse response = await client.InferAsync(
            InferRequest.FromTensors(
                Tensor.Create<float>("Age", [55, 21]), Tensor.Create<float>("Spend", [80, 6]), Tensor.FromStrings("City", ["Ulm", "Bonn"])),
            new PredictorCall("visits"));
        response.Output("Probability").AsSpan<float>().ToArray().Should().Equal(Expected().Select(e => e.Probability));
        ModelMetadata? metadata = await client.GetModelMetadataAsync("visits");
        metadata!.Inputs.Select(i => $"{i.Name} {i.Datatype}").Should().Equal("Age FP32", "Spend FP32", "City BYTES");
    }

    [Fact]
    public async Task Metadata_OverV2_IsTheSchemaOfTheFile()
    {
        await using SidecarApplication app = await StartAsync();
        using var http = new HttpClient();
        string text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{Port(app, 0)}/v2/models/visits"));
        text.Should().Be("""
            {"name":"visits","versions":null,"platform":"mlnet","inputs":[{"name":"Age","datatype":"FP32","shape":[-1]},{"name":"Spend","datatype":"FP32","shape":[-1]},{"name":"City","datatype":"BYTES","shape":[-1]}],"outputs":[{"name":"PredictedLabel","datatype":"BOOL","shape":[-1]},{"name":"Score","datatype":"FP32","shape":[-1]},{"name":"Probability","datatype":"FP32","shape":[-1]}]}
            """.Trim());
    }

    [Fact]
    public async Task Predict_WithAMissingColumn_Answers400()
    {
        await using SidecarApplication app = await StartAsync();
        (HttpStatusCode status, string text) = await PostAsync(app, "/v1/models/visits:predict", """{"instances":[{"Age":55,"City":"Ulm"}]}""");
        status.Should().Be(HttpStatusCode.BadRequest);
        text.Should().Be("""{"error":"input 'Spend' is missing; the model takes: Age, Spend, City"}""");
    }

    [Fact]
    public async Task Start_WithoutAFile_FailsAndSaysWhere()
    {
        await using SidecarApplication app = Build("/nowhere");
        Func<Task> start = () => app.StartAsync();
        await start.Should().ThrowAsync<SidecarConfigurationException>().WithMessage("There is no ML.NET file /nowhere/model.zip; --model_dir names the folder.");
    }

    [Fact]
    public async Task Preprocess_WithAPipeline_HandsItsColumnsToThePredictor()
    {
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder(
            ["--model_name", "sums", "--http_port", "0", "--grpc_port", "0", "--log_level", "CRITICAL"]);
        builder.Sidecar.AddModel(_ => new Prepared(files.Sum)).UsePredictor(static _ => new EchoPredictor());
        await using SidecarApplication app = builder.Build();
        await app.StartAsync();
        (_, string text) = await PostAsync(app, "/v1/models/sums:predict", """{"instances":[{"Right":2,"Left":1.5},{"Right":4,"Left":3}]}""");
        text.Should().Be("""{"predictions":[[1.5,2.0],[3.0,4.0]]}""");
    }

    private static int Port(SidecarApplication app, int index) => new Uri(app.Web.Urls.ElementAt(index).Replace("[::]", "127.0.0.1")).Port;

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(SidecarApplication app, string path, string json)
    {
        using var http = new HttpClient();
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri($"http://127.0.0.1:{Port(app, 0)}{path}"), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static SidecarApplication Build(string folder)
    {
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder(
            ["--model_name", "visits", "--model_dir", folder, "--http_port", "0", "--grpc_port", "0", "--log_level", "CRITICAL"]);
        builder.Sidecar.AddModel<Visits>().UseMLNetPredictor();
        return builder.Build();
    }

    private async Task<SidecarApplication> StartAsync()
    {
        SidecarApplication app = Build(files.Folder);
        await app.StartAsync();
        return app;
    }

    private VisitAnswer[] Expected() =>
        files.Reference([new VisitRow { Age = 55, Spend = 80, City = "Ulm" }, new VisitRow { Age = 21, Spend = 6, City = "Bonn" }]);

    private sealed class Visits : Model;

    private sealed class Prepared(string file) : Model
    {
        private readonly MLNetPipeline _features = MLNetPipeline.Load(file);

        public override IReadOnlyList<TensorMetadata> Inputs => _features.Inputs;

        protected override InferRequest Preprocess(InferRequest request, InferenceContext context) =>
            InferRequest.FromTensors(request, _features.Transform(request));
    }

    private sealed class EchoPredictor : IPredictor
    {
        public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
            new(InferResponse.FromTensors(request.Inputs));

        public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(true);

        public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(true);

        public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) => new((ModelMetadata?)null);
    }
}
