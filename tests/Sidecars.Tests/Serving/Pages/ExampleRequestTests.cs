using Microsoft.Extensions.DependencyInjection;
using Sidecars.Pipeline;
using Sidecars.Serving;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving.Pages;

/// <summary>Requests that are made of what a model declares.</summary>
public sealed class ExampleRequestTests
{
    public static TheoryData<TensorMetadata[], string, string> Declared => new()
    {
        { [], """{"instances":[[0]]}""", """[{"name":"input-0","shape":[1,1],"datatype":"FP32","data":[0.0]}]""" },
        { [new("x", Datatype.INT64, -1)], """{"instances":[0]}""", """[{"name":"x","shape":[1],"datatype":"INT64","data":[0]}]""" },
        { [new("x", Datatype.BOOL, -1, 2)], """{"instances":[[false,false]]}""", """[{"name":"x","shape":[1,2],"datatype":"BOOL","data":[false,false]}]""" },
        { [new("x", Datatype.FP64, 1, -1, 2)], """{"instances":[[[0,0]]]}""", """[{"name":"x","shape":[1,1,2],"datatype":"FP64","data":[0.0,0.0]}]""" },
        {
            [new("a", Datatype.FP32, -1, 2), new("b", Datatype.BYTES, -1)],
            """{"instances":[{"a":[0,0],"b":"text"}]}""",
            """[{"name":"a","shape":[1,2],"datatype":"FP32","data":[0.0,0.0]},{"name":"b","shape":[1],"datatype":"BYTES","data":["text"]}]"""
        },
    };

    [Theory]
    [MemberData(nameof(Declared))]
    public async Task Example_OfDeclaredInputs_HasTheirShapeInBothProtocols(TensorMetadata[] inputs, string v1, string v2)
    {
        ExampleRequest example = await MakeAsync(inputs);

        example.V1.ToJsonString().Should().Be(v1);
        example.V2!["inputs"]!.ToJsonString().Should().Be(v2);
        example.IsMadeUp.Should().BeTrue();
    }

    [Fact]
    public async Task Example_OfARowNobodyWouldRead_LeavesItOut() =>
        (await MakeAsync(new TensorMetadata("picture", Datatype.FP32, -1, 3, 224, 224))).V1.ToJsonString().Should().Be("""{"instances":[[]]}""");

    [Fact]
    public async Task Example_OfBothProtocols_IsAnsweredByTheModel()
    {
        await using SidecarTestHost host = await StartAsync(new("a", Datatype.FP32, -1, 2), new("b", Datatype.BYTES, -1));
        ExampleRequest example = await OfAsync(host);

        using HttpResponseMessage v1 = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(example.V1.ToJsonString()));
        using HttpResponseMessage v2 = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Json(example.V2!.ToJsonString()));

        ((int)v1.StatusCode).Should().Be(200);
        ((int)v2.StatusCode).Should().Be(200);
    }

    private static async Task<ExampleRequest> MakeAsync(params TensorMetadata[] inputs)
    {
        await using SidecarTestHost host = await StartAsync(inputs);
        return await OfAsync(host);
    }

    private static Task<SidecarTestHost> StartAsync(params TensorMetadata[] inputs) =>
        SidecarTestHost.StartAsync(b => b.Sidecar.AddModel(_ => new Taking(inputs)));

    private static async Task<ExampleRequest> OfAsync(SidecarTestHost host) => await host.Services.GetRequiredService<ModelDescriptions>()
        .ExampleAsync(host.Services.GetRequiredService<ModelRegistry>().Registered.Single(), default);

    private sealed class Taking(TensorMetadata[] inputs) : Model
    {
        public override IReadOnlyList<TensorMetadata> Inputs => inputs;

        protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromTensors(Tensor.Create("n", [(float)request.InputsFor(inputs).Count], 1)));
    }
}
