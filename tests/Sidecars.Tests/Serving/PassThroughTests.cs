using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>A payload nobody changed goes on as the bytes it came in.</summary>
public sealed class PassThroughTests
{
    // Spacing, key order, number forms and unknown keys would not survive a parse and a write.
    private const string OddV1 = """ { "signature" : "s", "instances" : [ [1.50, 2e0 ], [ -0.0,1E-3]] , "x":{"y":null} } """;

    private const string OddV2 = """ { "extra":[1 , 2], "id" : "c1" , "inputs":[ {"shape":[1,2], "name":"x","datatype":"FP32","data":[ 1.50, 2e0 ]}]} """;

    public static TheoryData<bool> Models => new(false, true);

    [Theory]
    [MemberData(nameof(Models))]
    public async Task V1_NothingChanged_BytesAreTheSameBothWays(bool looks)
    {
        const string odd = """ {"predictions" : [ 1.50, 2e0 ] , "more":true} """;
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(PredictorStep.Raw(Encoding.UTF8.GetBytes(odd))).ServeAsync();
        await using SidecarTestHost host = await StartAsync(looks, predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(OddV1));

        (await answer.Content.ReadAsStringAsync()).Should().Be(odd);
        Text(predictor.Calls.Should().ContainSingle().Subject).Should().Be(OddV1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task V2_NothingChanged_BytesAreTheSameBothWays(bool looks)
    {
        const string odd = """ {"model_name":"model", "id":"zz" ,"outputs":[ {"name":"y","datatype":"FP32","shape":[1],"data":[ 1.50 ]}] } """;
        await using ScriptedPredictor predictor =
            await new ScriptedPredictor(PredictorProtocol.V2).Always(PredictorStep.Raw(Encoding.UTF8.GetBytes(odd))).ServeAsync();
        await using SidecarTestHost host = await StartAsync(looks, predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(OddV2));

        (await answer.Content.ReadAsStringAsync()).Should().Be(odd);
        Text(predictor.Calls.Should().ContainSingle().Subject).Should().Be(OddV2);
    }

    [Fact]
    public async Task V2_NoId_OnlyAnIdIsAdded()
    {
        string without = OddV2.Replace(""" "id" : "c1" ,""", "", StringComparison.Ordinal);
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(without));

        ReceivedCall call = predictor.Calls.Should().ContainSingle().Subject;
        string id = call.Request.Id!;
        Guid.TryParse(id, out _).Should().BeTrue();
        Text(call).Should().Be(without.Replace(" { ", $" {{\"id\":\"{id}\", ", StringComparison.Ordinal));
        (await answer.ReadJsonAsync()).GetProperty("id").GetString().Should().Be(id);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task V2Binary_NothingChanged_BytesAreTheSame(bool looks)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await StartAsync(looks, predictor);
        ByteArrayContent content = TestCalls.Binary("x", [1.5f, float.NaN, float.NegativeInfinity], "[3]", "  \"id\" : \"c1\", ");
        byte[] sent = await content.ReadAsByteArrayAsync();

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, content);

        answer.IsSuccessStatusCode.Should().BeTrue();
        ReceivedCall call = predictor.Calls.Should().ContainSingle().Subject;
        call.Request.Body.ToArray().Should().Equal(sent);
        call.Request.Inputs[0].ToArray<float>().Should().Equal(1.5f, float.NaN, float.NegativeInfinity);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Grpc_NothingChanged_MessagesAreTheSameBothWays(bool looks)
    {
        var odd = new ModelInferResponse
        {
            ModelName = "another",
            ModelVersion = "7",
            Id = "zz",
            Outputs =
            {
                new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = "y", Datatype = "INT64", Shape = { 2 }, Contents = new InferTensorContents { Int64Contents = { 1, -1 } },
                },
            },
        };
        await using ScriptedPredictor predictor =
            await new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(PredictorStep.Raw(odd.ToByteArray())).ServeAsync();
        await using SidecarTestHost host = await StartAsync(looks, predictor);
        ModelInferRequest request = TestCalls.GrpcRequest("x", [1f, 2f], 2);
        request.Parameters["p"] = new InferParameter { StringParam = "v" };

        ModelInferResponse answer = await host.GrpcAsync(request);

        answer.Should().Be(odd);
        predictor.Calls.Should().ContainSingle().Which.Request.Body.ToArray().Should().Equal(request.ToByteArray());
    }

    [Fact]
    public async Task Grpc_PredictorKnowsAnotherName_NameAloneIsReplaced()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--predictor_model_name=inner");
        ModelInferRequest request = TestCalls.GrpcRequest("x", [1f, 2f], 2);

        await host.GrpcAsync(request);

        ModelInferRequest arrived = ModelInferRequest.Parser.ParseFrom(predictor.Calls.Should().ContainSingle().Subject.Request.Body.ToArray());
        request.ModelName = "inner";
        arrived.Should().Be(request);
    }

    [Fact]
    public async Task V1_OtherContentType_ReachesTheHooksAsBytes()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(PredictorStep.Raw("{}"u8.ToArray())).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);
        var content = new ByteArrayContent([0, 255, 1]);
        content.Headers.ContentType = new("image/png");

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, content);

        answer.IsSuccessStatusCode.Should().BeTrue();
        predictor.Calls.Should().ContainSingle().Which.Request.Body.ToArray().Should().Equal(0, 255, 1);
        predictor.Calls[0].Headers["Content-Type"].Should().Be("image/png");
    }

    [Fact]
    public async Task V2_AnswerHasNoWishForBinary_JsonPredictorAnswerIsNotTouched()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [1.1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Looking>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(OddV2));

        JsonElement json = await answer.ReadJsonAsync();
        json.GetProperty("outputs")[0].GetProperty("data")[0].GetSingle().Should().Be(1.1f);
    }

    private static Task<SidecarTestHost> StartAsync(bool looks, ScriptedPredictor predictor) =>
        looks ? SidecarTestHost.StartAsync<Looking>(predictor) : SidecarTestHost.StartAsync<Proxy>(predictor);

    private static string Text(ReceivedCall call) => Encoding.UTF8.GetString(call.Request.Body.Span);
}
