using System.Net;
using System.Text.Json;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>Every protocol a caller may speak, in front of every protocol a predictor may speak.</summary>
public sealed class ConversionTests
{
    private static readonly float[] s_values = [1.5f, -2f, 3.25f, 0.1f, 5e-8f, 6f];

    public static TheoryData<string, PredictorProtocol> Cells()
    {
        var cells = new TheoryData<string, PredictorProtocol>();
        foreach (string inbound in (string[])["v1", "v2", "v2-binary", "grpc", "grpc-raw"])
        {
            foreach (PredictorProtocol predictor in Enum.GetValues<PredictorProtocol>())
            {
                cells.Add(inbound, predictor);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_ModelPassesOn_ValuesArriveOnBothSides(string inbound, PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await Predictor(protocol).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        double[] answer = await AskAsync(host, inbound);

        ReceivedCall call = predictor.Calls.Should().ContainSingle().Subject;
        call.Protocol.Should().Be(protocol);
        call.ModelName.Should().Be("model");
        Tensor input = call.Request.Inputs.Should().ContainSingle().Subject;
        input.Datatype.Should().Be(Datatype.FP32);
        input.Shape.ToArray().Should().Equal(2, 3);
        input.ToArray<float>().Should().Equal(s_values);
        if (protocol != PredictorProtocol.V1)
        {
            input.Name.Should().Be("x", "V1 rows take the name of the predictor's metadata");
            if (inbound != "v1")
            {
                call.Request.Id.Should().Be(inbound.StartsWith("grpc", StringComparison.Ordinal) ? "g1" : "c1");
            }
        }

        answer.Should().Equal(2.75, 6);
        host.AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_ModelEditsInPlace_BothSidesSeeTheChange(string inbound, PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await Predictor(protocol).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Doubling>(predictor);

        double[] answer = await AskAsync(host, inbound);

        predictor.Calls.Should().ContainSingle().Which.Request.Inputs[0].ToArray<float>().Should().Equal(s_values.Select(v => v * 2));
        answer.Should().Equal(11, 24.5);
        host.AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_PredictorWithinTheProcess_AnswersTheSame(string inbound, PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = Predictor(protocol);
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Looking>(predictor);

        double[] answer = await AskAsync(host, inbound);

        answer.Should().Equal(2.75, 6);
        predictor.Calls.Should().ContainSingle().Which.Request.Inputs[0].ToArray<float>().Should().Equal(s_values);
    }

    [Theory]
    [InlineData(PredictorProtocol.V2, "v2")]
    [InlineData(PredictorProtocol.GrpcV2, "grpc")]
    public async Task FromRows_PredictorTellsItsInputs_TensorTakesTheName(PredictorProtocol protocol, string inbound)
    {
        await using ScriptedPredictor predictor = await Predictor(protocol).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Building>(predictor);

        await AskAsync(host, inbound);

        Tensor input = predictor.Calls.Should().ContainSingle().Which.Request.Inputs.Should().ContainSingle().Subject;
        input.Name.Should().Be("x");
        input.Shape.ToArray().Should().Equal(2, 2);
        input.ToArray<float>().Should().Equal(1, 2, 3, 4);
        predictor.Calls[0].Request.Id.Should().Be(inbound == "grpc" ? "g1" : "c1", "a request that is built keeps the caller's id");
    }

    [Fact]
    public async Task FromRows_PredictorTellsNothing_TensorIsInput0AndMetadataIsAskedForOnce()
    {
        await using ScriptedPredictor predictor = await Predictor(PredictorProtocol.V2).ServeAsync();
        predictor.Metadata = null;
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Building>(predictor);

        await AskAsync(host, "v2");
        await AskAsync(host, "v1");

        predictor.Calls.Should().HaveCount(2).And.OnlyContain(c => c.Request.Inputs[0].Name == "input-0");
        predictor.Probes.Should().Equal("GET /v2/models/model");
    }

    [Fact]
    public async Task Fields_V1RowsOfNamedFields_BecomeATensorEach()
    {
        await using ScriptedPredictor predictor = await Predictor(PredictorProtocol.GrpcV2).ServeAsync();
        predictor.Metadata = null;
        predictor.Always(Tensor.Create("y", [1f, 2f], 2), Tensor.FromStrings("label", ["a", "b"]));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(
            TestCalls.V1Predict, TestCalls.Json("""{"instances":[{"age":1.5,"name":"é","ok":true},{"age":2,"name":"","ok":false}]}"""));

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"predictions":[{"y":1.0,"label":"a"},{"y":2.0,"label":"b"}]}""");
        InferRequest request = predictor.Calls.Should().ContainSingle().Subject.Request;
        request.Input("age").ToArray<float>().Should().Equal(1.5f, 2f);
        request.Input("name").ReadStrings().Should().Equal("é", "");
        request.Input("ok").AsSpan<bool>().ToArray().Should().Equal(true, false);
    }

    [Fact]
    public async Task RequestedOutputs_V2Caller_GetsThoseInItsOrderAndBinaryAsWished()
    {
        await using ScriptedPredictor predictor = await Predictor(PredictorProtocol.V1).ServeAsync();
        predictor.Always(Tensor.Create("a", [1f, 2f], 2), Tensor.Create("b", [3f, 4f], 2));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(
            """{"id":"c1","inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1,2]}],"outputs":[{"name":"b","parameters":{"binary_data":true}},{"name":"a"}]}"""));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        int jsonLength = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
        using JsonDocument json = JsonDocument.Parse(body.AsMemory(0, jsonLength));
        JsonElement outputs = json.RootElement.GetProperty("outputs");
        outputs.EnumerateArray().Select(o => o.GetProperty("name").GetString()).Should().Equal("b", "a");
        outputs[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().Should().Be(body.Length - jsonLength);
        outputs[1].GetProperty("data").EnumerateArray().Select(d => d.GetDouble()).Should().Equal(1, 2);
        json.RootElement.GetProperty("id").GetString().Should().Be("c1");
    }

    [Fact]
    public async Task RequestedOutputs_OneThatThereIsNot_Is400()
    {
        await using ScriptedPredictor predictor = await Predictor(PredictorProtocol.V1).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(
            """{"inputs":[{"name":"x","datatype":"FP32","shape":[2,3],"data":[1,2,3,4,5,6]}],"outputs":[{"name":"zz"}]}"""));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.ErrorAsync()).Should().Contain("zz");
    }

    /// <summary>Answers the sum of every row.</summary>
    private static ScriptedPredictor Predictor(PredictorProtocol protocol) =>
        new ScriptedPredictor(protocol)
        {
            Metadata = new ModelMetadata("model", "test", [new("x", Datatype.FP32, -1, 3)], [new("y", Datatype.FP32, -1)]),
        }.Always(static call =>
        {
            Tensor input = call.Request.Inputs[0];
            float[] values = input.ToArray<float>();
            int columns = (int)input.Shape[1];
            return InferResponse.FromTensors(Tensor.Create("y", [.. values.Chunk(columns).Select(static row => MathF.Round(row.Sum() * 4) / 4)]));
        });

    private static async Task<double[]> AskAsync(SidecarTestHost host, string inbound)
    {
        const string data = "1.5,-2,3.25,0.1,5e-8,6";
        switch (inbound)
        {
            case "v1":
            {
                using HttpResponseMessage answer = await host.Http.PostAsync(
                    TestCalls.V1Predict, TestCalls.Json("""{"instances":[[1.5,-2,3.25],[0.1,5e-8,6]]}"""));
                JsonElement json = await answer.ReadJsonAsync();
                answer.StatusCode.Should().Be(HttpStatusCode.OK, json.ToString());
                return [.. json.GetProperty("predictions").EnumerateArray().Select(static p => p.GetDouble())];
            }

            case "v2":
            {
                using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(
                    $$"""{"id":"c1","inputs":[{"name":"x","datatype":"FP32","shape":[2,3],"data":[{{data}}]}]}"""));
                JsonElement json = await answer.ReadJsonAsync();
                answer.StatusCode.Should().Be(HttpStatusCode.OK, json.ToString());
                json.GetProperty("id").GetString().Should().Be("c1");
                json.GetProperty("model_name").GetString().Should().Be("model");
                return [.. json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static p => p.GetDouble())];
            }

            case "v2-binary":
            {
                using HttpResponseMessage answer = await host.Http.PostAsync(
                    TestCalls.V2Infer, TestCalls.Binary("x", s_values, "[2,3]", "\"id\":\"c1\",\"parameters\":{\"binary_data_output\":true},"));
                byte[] body = await answer.Content.ReadAsByteArrayAsync();
                answer.StatusCode.Should().Be(HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(body));
                int jsonLength = int.Parse(
                    answer.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
                using JsonDocument json = JsonDocument.Parse(body.AsMemory(0, jsonLength));
                json.RootElement.GetProperty("id").GetString().Should().Be("c1");
                JsonElement output = json.RootElement.GetProperty("outputs")[0];
                return output.GetProperty("datatype").GetString() == "FP64"
                    ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(body.AsSpan(jsonLength)).ToArray()
                    : [.. TestCalls.Floats(body.AsSpan(jsonLength)).Select(static f => (double)f)];
            }

            default:
            {
                ModelInferRequest request = TestCalls.GrpcRequest("x", s_values, 2, 3);
                if (inbound == "grpc-raw")
                {
                    request.Inputs[0].Contents = null;
                    request.RawInputContents.Add(Google.Protobuf.ByteString.CopyFrom(
                        System.Runtime.InteropServices.MemoryMarshal.AsBytes(s_values.AsSpan())));
                }

                ModelInferResponse answer = await host.GrpcAsync(request);
                answer.Id.Should().Be("g1");
                answer.ModelName.Should().Be("model");
                answer.Outputs.Should().ContainSingle();
                if (inbound == "grpc-raw")
                {
                    answer.Outputs[0].Contents.Should().BeNull("who sends raw contents is answered in them");
                }

                if (answer.RawOutputContents.Count > 0)
                {
                    byte[] raw = answer.RawOutputContents.Should().ContainSingle().Subject.ToByteArray();
                    return answer.Outputs[0].Datatype == "FP64"
                        ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(raw).ToArray()
                        : [.. TestCalls.Floats(raw).Select(static f => (double)f)];
                }

                return answer.Outputs[0].Datatype == "FP64"
                    ? [.. answer.Outputs[0].Contents.Fp64Contents]
                    : [.. answer.Outputs[0].Contents.Fp32Contents.Select(static f => (double)f)];
            }
        }
    }
}
