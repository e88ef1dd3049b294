using System.Net;
using System.Text;
#if (explain)
using System.Text.Json;
#endif
using Sidecars;
#if (explain)
using Sidecars.Explainers;
#endif
using Sidecars.Testing;

namespace Company.Namespace.Tests;

public sealed class ChurnModelTests
{
    private static readonly PredictorCall s_call = new("churn-service");

    [Fact]
    public async Task Predict_AverageCustomer_PredictorGetsZerosAndTheAnswerHasTiers()
    {
#if (protocol == "v1")
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V1)
#elseif (protocol == "v2")
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2)
#else
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2)
#endif
            .Always(Tensor.Create("probability", [0.9f, 0.25f], 2));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<ChurnModel>(predictor);

        using InferResponse answer = await Client(host).InferAsync(
            Customers([48.1605f, 1251.2378f, 78.2762f, 2.8318f, 39.8735f], [48.1605f, 1251.2378f, 78.2762f, 5.1771f, 39.8735f]), s_call);

        ReceivedCall call = Assert.Single(predictor.Calls);
        float[] scaled = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        Assert.Equal(scaled, call.Request.Inputs[0].ToArray<float>().Select(v => MathF.Round(v, 4)));
        Assert.Equal("HIGH, LOW", string.Join(", ", answer.Output("risk_tier").ReadStrings()));
    }

    [Fact]
    public async Task Predict_WithoutAPredictorHost_TheEmbeddedPredictorAnswers()
    {
        await using SidecarTestHost host = await StartWholeAsync();

        using InferResponse answer = await Client(host).InferAsync(Customers([22, 30, 10, 8, 90], [60, 2400, 140, 0, 1]), s_call);

        Assert.Equal("HIGH, LOW", string.Join(", ", answer.Output("risk_tier").ReadStrings()));
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Predict_FieldIsMissing_Answers400ThatNamesIt()
    {
        await using SidecarTestHost host = await StartWholeAsync();
        using var body = new StringContent("""{"instances":[{"age":34}]}""", Encoding.UTF8, "application/json");

        using HttpResponseMessage answer = await host.Http.PostAsync("/v1/models/churn-service:predict", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("tenure_days", await answer.Content.ReadAsStringAsync());
    }
#if (explain)

    [Fact]
    public async Task Explain_Customer_ValuesAddUpToTheProbability()
    {
        await using SidecarTestHost host = await StartWholeAsync();
        using InferResponse answer = await host.V1.InferAsync(Customers([34, 90, 20, 6, 45]), s_call);
        double probability = answer.Output("churn_probability").ToArray<double>()[0];

        using InferResponse explanation = await host.V1.ExplainAsync(Customers([34, 90, 20, 6, 45]), s_call);

        using JsonDocument json = JsonDocument.Parse(explanation.Body);
        JsonElement data = json.RootElement.GetProperty("data");
        double sum = data.GetProperty("expected_value")[0].GetDouble()
            + data.GetProperty("shap_values")[0][0].EnumerateArray().Sum(value => value.GetDouble());
        Assert.Equal(probability, sum, 4);
    }
#endif

    /// <summary>The service as Program.cs starts it.</summary>
    private static Task<SidecarTestHost> StartWholeAsync() => SidecarTestHost.StartAsync(builder => builder.Sidecar
        .AddModel<ChurnModel>()
#if (explain)
        .UsePredictor(_ => new ChurnPredictor())
        .ExplainWith(o => o.PreprocessFirst = false));
#else
        .UsePredictor(_ => new ChurnPredictor()));
#endif

#if (protocol == "v1")
    private static InferenceClient Client(SidecarTestHost host) => host.V1;
#elseif (protocol == "v2")
    private static InferenceClient Client(SidecarTestHost host) => host.V2;
#else
    private static InferenceClient Client(SidecarTestHost host) => host.Grpc;
#endif

    private static InferRequest Customers(params float[][] rows) => InferRequest.FromTensors(
        [.. ChurnFeatures.Names.Select((name, f) => Tensor.Create(name, [.. rows.Select(row => row[f])], rows.Length))]);
}
