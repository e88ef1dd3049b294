using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>Every protocol and form of rows leads to the same explanation; parameters count wherever they stand.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private const string V2Rows = """{"name":"rows","datatype":"FP32","shape":[1,2],"data":[30,1]}""";

    private readonly ArtifactFolder _folder = Served.People("""{"type":"KernelShap"},{"type":"AnchorTabular"}""");
    private readonly ScriptedPredictor _predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Served.Judge);
    private SidecarTestHost _host = null!;

    public static TheoryData<string> V1Rows => new(
        "[30,1]", """[30,"office"]""", """[30,"1"]""", """{"work":"office","age":30}""", """{"age":30.0,"work":1,"id":"x"}""");

    public static TheoryData<string> V2Inputs => new(
        V2Rows,
        """{"name":"rows","datatype":"INT64","shape":[1,2],"data":[30,1]}""",
        """{"name":"rows","datatype":"BYTES","shape":[1,2],"data":["30","office"]}""",
        """{"name":"work","datatype":"BYTES","shape":[1],"data":["office"]},{"name":"age","datatype":"FP64","shape":[1,1],"data":[30]}""",
        """{"name":"age","datatype":"FP32","shape":[1],"data":[30]},{"name":"work","datatype":"INT32","shape":[1],"data":[1]}""");

    public static TheoryData<string> Parameters => new("body", "query", "v2", "v2text", "explain_parameters", "v1explain_parameters");

    public async Task InitializeAsync() => _host = await Served.StartAsync(_folder, _predictor);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(V1Rows))]
    public async Task V1_RowsOfEveryForm_AreTheSameRow(string row) =>
        (await _host.ExplainAsync(Served.Rows([row]))).At("data.raw.instances").GetRawText().Should().Be("[[30,1]]");

    [Theory]
    [MemberData(nameof(V2Inputs))]
    public async Task V2_TensorsOfEveryForm_AreTheSameRow_AndAnswerAsMLServerDoes(string inputs)
    {
        using HttpResponseMessage answer = await _host.Http.PostAsync(Served.Infer, Served.Json($$"""{"id":"7","inputs":[{{inputs}}]}"""));

        string text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(200, text);
        answer.Headers.GetValues("x-seldon-alibi-type").Should().Equal("explanation");
        answer.Headers.GetValues("x-seldon-alibi-method").Should().Equal("shap_wrappers");
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement output = document.RootElement.At("outputs.0");
        document.RootElement.At("id").GetString().Should().Be("7");
        output.At("name").GetString().Should().Be("explanation");
        output.At("datatype").GetString().Should().Be("BYTES");
        output.At("shape").GetRawText().Should().Be("[1,1]");
        output.At("parameters").GetRawText().Should().Be("""{"content_type":"str"}""");
        using JsonDocument explanation = JsonDocument.Parse(output.At("data.0").GetString()!);
        explanation.RootElement.At("data.raw.instances").GetRawText().Should().Be("[[30,1]]");
    }

    [Fact]
    public async Task V2_BinaryTensors_AreRead()
    {
        byte[] raw = MemoryMarshal.AsBytes<float>([30, 1]).ToArray();
        byte[] head = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"rows","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":8}}]}""");
        using var body = new ByteArrayContent([.. head, .. raw]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Headers.Add("Inference-Header-Content-Length", head.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));

        JsonElement answer = await _host.ExplainAsync(body, Served.Infer);

        answer.At("outputs.0.data.0").GetString().Should().Contain("\"instances\":[[30,1]]");
    }

    [Fact]
    public async Task Grpc_Rows_AreExplained_WithParametersAndMetadata()
    {
        InferRequest request = InferRequest.FromTensors(Tensor.FromStrings("rows", ["30", "office"], 1, 2));

        using InferResponse answer = await _host.Grpc.InferAsync(request, new PredictorCall("model"));

        string text = answer.Output("explanation").ReadStrings().Single();
        using JsonDocument document = JsonDocument.Parse(text);
        document.RootElement.At("data.raw.instances").GetRawText().Should().Be("[[30,1]]");
        answer.Headers["x-seldon-alibi-method"].Should().Be("shap_wrappers");
        answer.Output("explanation").Parameters!["content_type"].Should().Be("str");
    }

    [Fact]
    public async Task PlainExplain_OfAV2Request_AnswersTheExplanationAlone()
    {
        JsonElement answer = await _host.ExplainAsync(Served.Json($$"""{"inputs":[{{V2Rows}}],"parameters":{"explain_parameters":{"explainer":"AnchorTabular"} } }"""), "/explain");

        answer.Keys().Should().Equal("meta", "data");
        answer.At("meta.name").GetString().Should().Be("AnchorTabular");
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameters_WhereverTheyStand_Count(string where)
    {
        (string path, string body) = where switch
        {
            "body" => (Served.Explain, """{"instances":[[30,1]],"parameters":{"explainer":"AnchorTabular","seed":7,"stop_on_first":true}}"""),
            "query" => (Served.Explain + "?explainer=AnchorTabular&seed=7&stop_on_first=yes", """{"instances":[[30,1]]}"""),
            "v2" => (Served.Infer, $$"""{"inputs":[{{V2Rows}}],"parameters":{"explainer":"AnchorTabular","seed":7,"stop_on_first":true} }"""),
            "v2text" => (Served.Infer, $$"""{"inputs":[{{V2Rows}}],"parameters":{"explainer":"AnchorTabular","seed":"7","stop_on_first":"t"} }"""),
            "explain_parameters" => (Served.Infer,
                $$$"""{"inputs":[{{{V2Rows}}}],"parameters":{"content_type":"np","seed":8,"explain_parameters":{"explainer":"AnchorTabular","seed":7,"stop_on_first":true} } }"""),
            _ => (Served.Explain + "?seed=9", """{"instances":[[30,1]],"parameters":{"seed":8,"explain_parameters":{"explainer":"AnchorTabular","seed":7,"stop_on_first":true}}}"""),
        };

        JsonElement answer = await _host.ExplainAsync(Served.Json(body), path);

        string text = answer.TryGetProperty("outputs", out JsonElement outputs) ? outputs.At("0.data.0").GetString()! : answer.GetRawText();
        using JsonDocument explanation = JsonDocument.Parse(text);
        explanation.RootElement.At("meta.name").GetString().Should().Be("AnchorTabular");
        explanation.RootElement.At("meta.run.seed").GetInt32().Should().Be(7);
        explanation.RootElement.At("meta.params.stop_on_first").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Predict_OverV1_PassesThroughUntouched()
    {
        using ArtifactFolder folder = Served.People();
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(PredictorStep.Raw("""{"predictions":[1]}"""u8.ToArray())).ServeAsync();
        await using SidecarTestHost host = await Served.StartBeforeAsync(predictor, folder);

        (int status, string text) = await host.PostAsync("/v1/models/model:predict", Served.Json("""{ "instances":[ {"any":"thing"} ]}"""));

        (status, text).Should().Be((200, """{"predictions":[1]}"""));
        Encoding.UTF8.GetString(predictor.Calls.Single().Request.Body.Span).Should().Be("""{ "instances":[ {"any":"thing"} ]}""");
    }

    [Fact]
    public async Task Predict_WithoutAPredictor_IsTheArtefactsModel()
    {
        using ArtifactFolder folder = Served.Kit10("lr");
        await using SidecarTestHost host = await Served.StartAsync(folder);

        JsonElement answer = await host.ExplainAsync(Served.Rows(Served.Kit10Rows(0, 1)), "/v1/models/model:predict");

        answer.At("predictions").GetArrayLength().Should().Be(2);
        answer.At("predictions.0.probabilities").Numbers().Sum().Should().BeApproximately(1, 1e-6);
    }

    [Fact]
    public async Task Metadata_OfTheModel_ShowsFeaturesAndTheExplanation()
    {
        using JsonDocument metadata = JsonDocument.Parse(await _host.Http.GetStringAsync("/v2/models/model"));

        metadata.RootElement.At("inputs").GetRawText().Should().Be(
            """[{"name":"age","datatype":"FP32","shape":[-1]},{"name":"work","datatype":"BYTES","shape":[-1]}]""");
        metadata.RootElement.At("outputs").GetRawText().Should().Be("""[{"name":"explanation","datatype":"BYTES","shape":[1,1]}]""");
    }
}
