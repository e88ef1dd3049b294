using System.Net;
using System.Text;
using System.Text.Json;
using Sidecars.Explainers;
using Sidecars.Testing;

namespace Company.Namespace.Tests;

public sealed class ExplainerTests
{
    private const string Customer =
        """{"age": 34, "tenure_days": 90, "monthly_spend": 19.99, "support_tickets": 6, "last_login_days": 45}""";

    [Fact]
    public async Task Explain_WithShap_ValuesAddUpToThePrediction()
    {
        await using SidecarTestHost host = await StartAsync();

        using JsonDocument answer = await ExplainAsync(
            host, $$"""{"instances": [{{Customer}}], "parameters": {"explainer": "Shap", "model_output": "probability"} }""");

        JsonElement data = answer.RootElement.GetProperty("data");
        JsonElement values = data.GetProperty("shap_values");
        Assert.Equal(5, values[0][0].GetArrayLength());

        // Many tickets and long away: both speak for leaving, the second class.
        JsonElement leaves = values[values.GetArrayLength() - 1][0];
        Assert.True(leaves[3].GetDouble() > 0);
        Assert.True(leaves[4].GetDouble() > 0);
    }

    [Fact]
    public async Task Explain_ByDefault_AnswersAnAnchorThatReachesTheThreshold()
    {
        await using SidecarTestHost host = await StartAsync();

        using JsonDocument answer = await ExplainAsync(host, $$"""{"instances": [{{Customer}}]}""");

        JsonElement data = answer.RootElement.GetProperty("data");
        Assert.Equal("met", data.GetProperty("status").GetString());
        Assert.True(data.GetProperty("precision").GetDouble() >= 0.9);
        Assert.NotEqual(0, data.GetProperty("anchor").GetArrayLength());
    }

    [Fact]
    public async Task Explain_FieldIsMissing_Answers400ThatNamesIt()
    {
        await using SidecarTestHost host = await StartAsync();

        using HttpResponseMessage answer = await PostAsync(host, """{"instances": [{"age": 34}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("tenure_days", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The service as Program.cs starts it.</summary>
    private static Task<SidecarTestHost> StartAsync() => SidecarTestHost.StartAsync(builder => builder.Sidecar.AddExplainer());

    private static async Task<JsonDocument> ExplainAsync(SidecarTestHost host, string request)
    {
        using HttpResponseMessage answer = await PostAsync(host, request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        host.AssertNoErrors();
        return JsonDocument.Parse(text);
    }

    private static Task<HttpResponseMessage> PostAsync(SidecarTestHost host, string request) => host.Http.PostAsync(
        "/v1/models/churn-service:explain", new StringContent(request, Encoding.UTF8, "application/json"));
}
