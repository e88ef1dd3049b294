using System.Net;
using System.Text.Json;
using Samples.Shared;

namespace Sidecars.Templates.Tests;

/// <summary>What every project answers when it is run: to its own examples, and to a client of its protocol.</summary>
public abstract class RunTests
{
    /// <summary>Of two customers: one who will leave, and one who will not.</summary>
    private static readonly (string Field, float[] Values)[] s_customers =
    [
        ("age", [22, 60]), ("tenure_days", [30, 2400]), ("monthly_spend", [10, 140]), ("support_tickets", [8, 0]), ("last_login_days", [90, 1]),
    ];

    private protected static async Task AskAsync(Project project, string program)
    {
        await using SampleProcess process = await SampleProcess.StartAsync(program);

        Example.OfReadme(project.Read("README.md")).Should().ContainSingle();
        foreach (Example example in Example.OfReadme(project.Read("README.md")).Concat(Example.OfHttpFile(project.Read("requests.http"))))
        {
            await AskAsync(process, example);
        }

        if (project.IsTransformer)
        {
            await PredictAsync(process, project);
        }

        // What was left out is not there; what was asked for explains.
        (HttpStatusCode status, string text) = await process.PostAsync(
            $"/v1/models/{project.Service}:explain", """{"instances":[{"age":34,"tenure_days":90,"monthly_spend":19.99,"support_tickets":6,"last_login_days":45}]}""");
        status.Should().Be(project.Explains ? HttpStatusCode.OK : HttpStatusCode.NotImplemented, text);
        if (project.Explains)
        {
            using JsonDocument answer = JsonDocument.Parse(text);
            JsonElement data = answer.RootElement.GetProperty("data");
            (project.IsTransformer ? data.GetProperty("shap_values")[0][0].GetArrayLength() : data.GetProperty("anchor").GetArrayLength())
                .Should().BePositive(text);
        }
    }

    private static async Task AskAsync(SampleProcess process, Example example)
    {
        if (example.Json is null)
        {
            using HttpClient http = new();
            string answer = await http.GetStringAsync(new Uri($"http://127.0.0.1:{process.HttpPort}{example.Path}"));
            answer.Should().Contain("true", "it is ready");
            return;
        }

        (HttpStatusCode status, string text) = await process.PostAsync(example.Path, example.Json);
        status.Should().Be(HttpStatusCode.OK, "{0} answered {1}", example, text);
        if (example.Answer is { } answered)
        {
            ReadmeExample.Rounded(text).Should().Contain(ReadmeExample.Rounded(answered));
        }
    }

    private static async Task PredictAsync(SampleProcess process, Project project)
    {
        PredictorProtocol protocol = project.Protocol switch
        {
            "v1" => PredictorProtocol.V1,
            "v2" => PredictorProtocol.V2,
            _ => PredictorProtocol.GrpcV2,
        };
        int port = protocol == PredictorProtocol.GrpcV2 ? process.GrpcPort : process.HttpPort;
        await using InferenceClient client = new(new InferenceClientOptions { Host = $"127.0.0.1:{port}", Protocol = protocol });

        using InferResponse answer = await client.InferAsync(
            InferRequest.FromTensors([.. s_customers.Select(c => Tensor.Create(c.Field, c.Values, 2))]), new PredictorCall(project.Service));

        answer.Output("risk_tier").ReadStrings().Should().Equal("HIGH", "LOW");
    }
}

/// <summary>Those whose predictor speaks V1. Classes of their own, so that two are asked at a time.</summary>
[Trait("Category", "Packages")]
public sealed class RunV1Tests : RunTests
{
    public static TheoryData<string> Names => Made.Names(p => p.IsTransformer && p.Protocol == "v1");

    [Theory]
    [MemberData(nameof(Names))]
    public Task Run_Transformer_AnswersItsExamplesAndAClientOfV1(string name) => AskAsync(Made.Named(name), Made.Named(name).Program);
}

/// <summary>Those whose predictor speaks V2.</summary>
[Trait("Category", "Packages")]
public sealed class RunV2Tests : RunTests
{
    public static TheoryData<string> Names => Made.Names(p => p.IsTransformer && p.Protocol == "v2");

    [Theory]
    [MemberData(nameof(Names))]
    public Task Run_Transformer_AnswersItsExamplesAndAClientOfV2(string name) => AskAsync(Made.Named(name), Made.Named(name).Program);
}

/// <summary>Those whose predictor speaks gRPC.</summary>
[Trait("Category", "Packages")]
public sealed class RunGrpcTests : RunTests
{
    public static TheoryData<string> Names => Made.Names(p => p.IsTransformer && p.Protocol == "grpc-v2");

    [Theory]
    [MemberData(nameof(Names))]
    public Task Run_Transformer_AnswersItsExamplesAndAClientOfGrpc(string name) => AskAsync(Made.Named(name), Made.Named(name).Program);
}

/// <summary>Explainers, and the programs in the images.</summary>
[Trait("Category", "Packages")]
public sealed class RunOtherTests : RunTests
{
    public static TheoryData<string> Explainers => Made.Names(p => !p.IsTransformer);

    public static TheoryData<string> Images => Made.Names(p => File.Exists(p.Published));

    [Theory]
    [MemberData(nameof(Explainers))]
    public Task Run_Explainer_AnswersItsExamples(string name) => AskAsync(Made.Named(name), Made.Named(name).Program);

    [Theory]
    [MemberData(nameof(Images))]
    public Task Run_ProgramOfTheImage_AnswersItsExamplesAndAClient(string name) => AskAsync(Made.Named(name), Made.Named(name).Published);
}
