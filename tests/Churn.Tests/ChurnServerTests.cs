using System.Net;
using Samples.Shared;
using Sidecars;

namespace Churn.Tests;

/// <summary>The sample as a process, as its README starts it.</summary>
public sealed class ChurnServerTests
{
    [Fact]
    public async Task Readme_EveryRequest_GetsTheAnswerItShows()
    {
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll");
        IReadOnlyList<ReadmeExample> examples = ReadmeExample.Read("Churn.md");
        examples.Should().HaveCount(4);
        foreach (ReadmeExample example in examples)
        {
            (_, string text) = await churn.PostAsync(example.Path, example.Json);
            ReadmeExample.Rounded(text).Should().Be(ReadmeExample.Rounded(example.Answer), example.Json);
        }
    }

    [Fact]
    public async Task Example_ThatIsShownToBrowsers_IsAnswered()
    {
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll");

        (HttpStatusCode status, string text) = await churn.PostAsync("/v1/models/churn:predict", new ChurnModel(new SidecarOptions()).Example!.ToJsonString());

        status.Should().Be(HttpStatusCode.OK, text);
    }

    [Fact]
    public async Task Predict_WithARemotePredictor_SendsScaledRowsAndReadsTheSecondProbability()
    {
        await using StubPredictor predictor = await StubPredictor.StartAsync("""{"predictions":[[0.29999,0.70001],[0.7,0.3]]}""");
        using TemporaryModel model = TemporaryModel.Of("""{"features":["age","tenure_days","monthly_spend","support_tickets","last_login_days"],"mean":[40,1000,50,2,30],"deviation":[10,500,20,4,8]}""");
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll", "--predictor_host", predictor.Host, "--model_dir", model.Folder);
        (HttpStatusCode status, string text) = await churn.PostAsync(
            "/v1/models/churn:predict",
            """{"instances":[{"last_login_days":34,"age":55,"tenure_days":750,"monthly_spend":50,"support_tickets":1},{"last_login_days":30,"age":40,"tenure_days":1000,"monthly_spend":60,"support_tickets":2}]}""");
        text.Should().Be("""{"predictions":[{"churn_probability":0.7,"risk_tier":"HIGH"},{"churn_probability":0.3,"risk_tier":"LOW"}]}""");
        status.Should().Be(HttpStatusCode.OK);
        predictor.Bodies.Should().Equal("""/v1/models/churn:predict {"instances":[[1.5,-0.5,0.0,-0.25,0.5],[0.0,0.0,0.5,0.0,0.0]]}""");
    }

    [Theory]
    [InlineData("""{"instances":[[1,2,3,4]]}""", "an instance has 4 values, expected 5: age, tenure_days, monthly_spend, support_tickets, last_login_days")]
    [InlineData("""{"instances":[{"age":null,"tenure_days":1,"monthly_spend":1,"support_tickets":1,"last_login_days":1}]}""", "instance 0: 'age' is no finite number")]
    [InlineData("""{"instances":[{"age":"34","tenure_days":1,"monthly_spend":1,"support_tickets":1,"last_login_days":1}]}""", "input 'age': element 0 is not what FP32 holds")]
    [InlineData("""{"instances":[{"age":1},[1,2,3,4,5]]}""", "instance 1 is not an object, as instance 0 is")]
    public async Task Predict_OfWrongCustomers_Answers400ThatNamesWhat(string json, string message)
    {
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll");
        (HttpStatusCode status, string text) = await churn.PostAsync("/v1/models/churn:predict", json);
        text.Should().Be($$"""{"error":"{{message}}"}""");
        status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Predict_OfNoCustomers_AnswersNoPredictions()
    {
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll");
        (_, string text) = await churn.PostAsync("/v1/models/churn:predict", """{"instances":[]}""");
        text.Should().Be("""{"predictions":[]}""");
    }

    [Fact]
    public async Task Predict_WhenThePredictorAnswersTexts_Answers502()
    {
        await using StubPredictor predictor = await StubPredictor.StartAsync("""{"predictions":["yes"]}""");
        await using SampleProcess churn = await SampleProcess.StartAsync("Churn.dll", "--predictor_host", predictor.Host);
        (HttpStatusCode status, _) = await churn.PostAsync("/v1/models/churn:predict", """{"instances":[[1,2,3,4,5]]}""");
        status.Should().Be(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Start_WithoutAScaler_FailsAndNamesTheFile()
    {
        using TemporaryModel model = TemporaryModel.Of("""{"features":[],"mean":[],"deviation":[]}""");
        (int exitCode, string errors) = await SampleProcess.RunAsync(
            "Churn.dll", "--http_port", "0", "--grpc_port", "0", "--predictor_host", "127.0.0.1:9", "--model_dir", model.Folder);
        exitCode.Should().Be(1);
        errors.Should().Contain($"error: The scaler {model.Folder}/scaler.json must have a mean and a deviation for each of: age, tenure_days");
    }
}
