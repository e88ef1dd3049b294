using System.Net;
using System.Text.Json;
using Sidecars.Testing;
using Xunit.Abstractions;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>The server as KServe and people start it, over real sockets.</summary>
public sealed class ServeTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_FittedFromACsv_AnswersWithBothFamilies()
    {
        await TestData.FitAsync(_folder["artefact"]);

        // KServe appends its flags, and starts the container with nothing else.
        await using ServerProcess server = await ServerProcess.StartAsync(
            "--model_dir", _folder["artefact"], "--model_name", "tumour", "--http_port", "0", "--workers", "1", "--some_new_flag", "x");
        output.WriteLine($"ready after {server.ReadyAfter.TotalSeconds:0.00} s");

        JsonElement rule = await server.ExplainAsync($$"""{"instances":[{{TestData.Row(0)}}]}""", "tumour");
        JsonElement values = await server.ExplainAsync(
            $$"""{"instances":[{{TestData.Row(0)}},{{TestData.Row(1)}}],"parameters":{"explainer":"Shap"} }""", "tumour");

        rule.Name().Should().Be("AnchorTabular");
        JsonElement data = rule.GetProperty("data");
        data.GetProperty("anchor").Texts().Should().NotBeEmpty().And.Equal(data.GetProperty("raw").GetProperty("names").Texts());
        data.GetProperty("status").GetString().Should().Be("met");
        data.GetProperty("precision").GetDouble().Should().BeGreaterThanOrEqualTo(0.95);
        data.GetProperty("coverage").GetDouble().Should().BeInRange(0.001, 1);

        values.Name().Should().Be("TreeShap");
        values.GetProperty("meta").GetProperty("run").GetProperty("exact").GetBoolean().Should().BeTrue();
        data = values.GetProperty("data");
        double expected = data.GetProperty("expected_value")[0].GetDouble();
        for (int row = 0; row < 2; row++)
        {
            double[] shares = data.GetProperty("shap_values")[0][row].Numbers();
            JsonElement raw = data.GetProperty("raw").GetProperty("raw_prediction")[row];
            double prediction = raw.ValueKind == JsonValueKind.Array ? raw[0].GetDouble() : raw.GetDouble();
            shares.Should().HaveCount(10);
            (expected + shares.Sum()).Should().BeApproximately(prediction, 1e-6);
        }

        (await server.TerminateAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Serve_WithAlibisSubCommand_TakesItsOptionsAndKServesFlagsAfterIt()
    {
        await TestData.FitAsync(_folder["artefact"]);
        await using ServerProcess server = await ServerProcess.StartAsync(
            "--storage_uri", _folder["artefact"], "AnchorTabular", "--threshold", "0.8", "--beam_size=2", "--verbose", "false",
            "--model_name", "tumour", "--predictor_host", "nowhere.invalid", "--http_port", "0");

        JsonElement answer = await server.ExplainAsync($$"""{"instances":[{{TestData.Row(3)}}]}""", "tumour");

        answer.Name().Should().Be("AnchorTabular");
        JsonElement parameters = answer.GetProperty("meta").GetProperty("params");
        parameters.GetProperty("threshold").GetDouble().Should().Be(0.8);
        parameters.GetProperty("beam_size").GetInt32().Should().Be(2);
        parameters.GetProperty("tau").GetDouble().Should().Be(0.15, "what is not given keeps its default");
    }

    [Fact]
    public async Task Serve_WithAnotherExplainerAsSubCommand_AnswersWithThatOne()
    {
        await TestData.FitAsync(_folder["artefact"]);
        await using ServerProcess server = await ServerProcess.StartAsync(
            [("STORAGE_URI", "file://" + _folder["artefact"])], ["KernelShap", "--link", "logit", "--nsamples", "100"]);

        JsonElement answer = await server.ExplainAsync($$"""{"instances":[{{TestData.Row(3)}}]}""");

        answer.Name().Should().Be("KernelShap");
        answer.GetProperty("meta").GetProperty("params").GetProperty("link").GetString().Should().Be("logit");
        answer.GetProperty("meta").GetProperty("run").GetProperty("samples").GetInt32().Should().Be(100);
        (await server.ExplainAsync($$"""{"instances":[{{TestData.Row(3)}}],"parameters":{"explainer":"AnchorTabular"} }""")).Name().Should().Be("AnchorTabular");
    }

    [Theory]
    [InlineData(PredictorProtocol.V1, "v1")]
    [InlineData(PredictorProtocol.GrpcV2, "grpc-v2")]
    public async Task Serve_WithoutAModel_AsksThePredictor(PredictorProtocol protocol, string flag)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(RulePredictor.Answer).ServeAsync();
        await RulePredictor.FitAsync(_folder);
        Uri address = protocol == PredictorProtocol.GrpcV2 ? predictor.GrpcAddress : predictor.RestAddress;
        await using ServerProcess server = await ServerProcess.StartAsync(
            "--model_dir", _folder["artefact"], "--model_name", "people", "--predictor_host", address.Authority, "--predictor_protocol", flag);

        JsonElement rule = await server.ExplainAsync("""{"instances":[{"age":60,"job":"teacher","city":1}]}""", "people");
        JsonElement values = await server.ExplainAsync("""{"instances":[[60,"clerk",0]],"parameters":{"explainer":"Shap"}}""", "people");

        rule.GetProperty("data").GetProperty("anchor").Texts().Should().HaveCount(2).And.Contain("job = teacher").And.Contain(static name => name!.StartsWith("age > ", StringComparison.Ordinal));
        rule.GetProperty("data").GetProperty("raw").GetProperty("prediction").Numbers().Should().Equal(0);
        values.Name().Should().Be("KernelShap");
        double[] shares = values.GetProperty("data").GetProperty("shap_values")[0][0].Numbers();
        (shares.Sum() + values.GetProperty("data").GetProperty("expected_value")[0].GetDouble()).Should().BeApproximately(0.05, 1e-6);
        predictor.Calls.Should().OnlyContain(call => call.ModelName == "people" && call.Protocol == protocol);
        long rows = rule.GetProperty("meta").GetProperty("run").GetProperty("rows").GetInt64()
            + values.GetProperty("meta").GetProperty("run").GetProperty("rows").GetInt64();
        predictor.Calls.Sum(static call => call.Request.Inputs[0].Shape[0]).Should().BeLessThanOrEqualTo(rows, "every row it scored is counted");
    }

    [Fact]
    public async Task Serve_WhosePredictorFails_PassesItsStatusOn()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Next(RulePredictor.Answer)
            .Always(PredictorStep.Status(429, "slow down")).ServeAsync();
        await RulePredictor.FitAsync(_folder);
        await using ServerProcess server = await ServerProcess.StartAsync(
            "--model_dir", _folder["artefact"], "--predictor_host", predictor.RestAddress.Authority);

        (HttpStatusCode status, JsonElement json) = await server.PostAsync("/v1/models/model:explain", """{"instances":[[60,"clerk",0]]}""");

        status.Should().Be(HttpStatusCode.TooManyRequests);
        json.GetProperty("error").GetString().Should().Contain("slow down");
    }

    [Theory]
    [InlineData("AnchorTabular --threshhold 0.9", "--threshhold: AnchorTabular has no option 'threshhold'; known: seed, disc_perc, threshold")]
    [InlineData("AnchorTabular --threshold high", "AnchorTabular: 'threshold' is 'high'; allowed: a number above 0 and at most 1")]
    [InlineData("AnchorText --threshold 0.9", "AnchorText is not offered: this server explains rows of tables; it knows AnchorTabular, Shap, KernelShap, TreeShap, LinearShap")]
    [InlineData("AnchorImages", "AnchorImages is not offered")]
    [InlineData("train", "'train' is no command and no explainer; commands: serve, fit, explain; explainers: AnchorTabular")]
    [InlineData("--device tpu", "--device is 'tpu'; allowed: auto, cpu, cuda, cuda:N")]
    [InlineData("--http_port high", "argument --http_port: invalid int value: 'high'")]
    public async Task Serve_WithAWrongCommandLine_EndsWith2(string arguments, string error)
    {
        ToolResult result = await Tool.RunAsync(arguments.Split(' '));

        result.ExitCode.Should().Be(2);
        result.Errors.Should().Contain(error);
    }

    [Fact]
    public async Task Serve_OfAnArtefactFullOfMistakes_ListsThemAll()
    {
        _folder.Write("explainer.json", """
            {"schema":"sidecars/explainer-v1","features":[{"name":"a"},{"name":"a","kind":1}],"data":"none.csv","model":"none.onnx",
             "background":{"method":"median"},"explainers":[{"type":"Anchors"}]}
            """);

        ToolResult result = await Tool.RunAsync("--model_dir", _folder.Path);

        result.ExitCode.Should().Be(1);
        result.Errors.Should().Contain("unknown key 'kind'").And.Contain("'a' a second time").And.Contain("'median'").And.Contain("'Anchors'; known: AnchorTabular");
        result.Errors.Split('\n').Count(static line => line.TrimStart().StartsWith("- ", StringComparison.Ordinal)).Should().BeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Serve_OfAPickledExplainer_SaysHowToMakeAnArtefact()
    {
        _folder.Write("explainer.dill", "\u0080");

        ToolResult result = await Tool.RunAsync("--model_dir", _folder.Path, "AnchorTabular");

        result.ExitCode.Should().Be(1);
        result.Errors.Should().Contain("explainer.dill, a Python object").And.Contain("sidecars-explainer fit --data train.csv");
    }

    [Fact]
    public async Task Serve_OfNothing_SaysWhereItLooked()
    {
        (await Tool.RunAsync("--model_dir", _folder["nowhere"])).Errors.Should().Contain(_folder["nowhere"]).And.Contain("there is no such directory");
        ToolResult remote = await Tool.RunAsync("--storage_uri", "s3://bucket/explainer");
        remote.ExitCode.Should().Be(1);
        remote.Errors.Should().Contain("--storage_uri is s3://bucket/explainer, and there is nothing in /mnt/models");
    }

    [Fact]
    public async Task Serve_OfAnArtefactWithoutModelAndPredictor_SaysWhatToAdd()
    {
        await RulePredictor.FitAsync(_folder);

        ToolResult result = await Tool.RunAsync("--model_dir", _folder["artefact"], "--http_port", "0", "--grpc_port", "0");

        result.ExitCode.Should().Be(1);
        result.Errors.Should().Contain("--predictor_host");
    }

    [Fact]
    public async Task Serve_OnCudaWhereThereIsNone_EndsWithTheReason()
    {
        await TestData.FitAsync(_folder["artefact"]);

        ToolResult result = await Tool.RunAsync("--model_dir", _folder["artefact"], "--device", "cuda:0", "--http_port", "0", "--grpc_port", "0");

        result.ExitCode.Should().Be(1);
        result.Errors.Should().Contain("CUDA");
    }

    [Fact]
    public async Task Serve_AskedForHelp_ShowsCommandsExplainersAndAllFlags()
    {
        ToolResult help = await Tool.RunAsync("--help");

        help.ExitCode.Should().Be(0);
        help.Output.Should().Contain("fit --data").And.Contain("explain --input").And.Contain("--storage_uri").And.Contain("AnchorTabular")
            .And.Contain("--threshold").And.Contain("--predictor_host");
    }
}
