using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>Deadlines, callers who go away, predictors that fail, and many callers at once.</summary>
public sealed class ConductTests
{
    [Theory]
    [InlineData("")]
    [InlineData("""{"deadline_ms":3600000}""")]
    public async Task Deadline_OfRequestOrCall_GivesTheBestSoFar(string parameters)
    {
        using ArtifactFolder folder = Served.People();
        var clock = new FakeTimeProvider();
        int calls = 0;
        await using var predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2, clock).Always(call =>
        {
            // An hour is over with the third answer; whoever has a minute left from then on has none left.
            if (Interlocked.Increment(ref calls) == 3)
            {
                clock.Advance(TimeSpan.FromHours(1));
            }

            // Neither always yes nor by any rule, so that the search would go on.
            float[] rows = call.Request.Inputs[0].ToArray<float>();
            float[] p = [.. Enumerable.Range(0, rows.Length / 2).Select(i => ((int)rows[i * 2] * 7919 % 10) < 5 ? 0.9f : 0.1f)];
            return InferResponse.FromTensors(Tensor.Create("p", p));
        });
        string[] args = parameters.Length == 0 ? ["--request_timeout_seconds=3700"] : [];
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Sidecar.AddExplainer(o => o.Directory = folder.Path).UsePredictor(_ => predictor);
        }, null, args);
        if (parameters.Length == 0)
        {
            parameters = """{"deadline_ms":3000000}""";
        }

        JsonElement answer = await host.ExplainAsync(Served.Rows(["[30,1]"], parameters));

        answer.At("data.status").GetString().Should().Be("out_of_time");
        answer.At("data.raw.success").GetBoolean().Should().BeFalse();
        calls.Should().BeLessThan(8);
    }

    [Fact]
    public async Task Caller_WhoHangsUp_StopsTheSearch()
    {
        using ArtifactFolder folder = Served.People();
        var never = new TaskCompletionSource();
        await using var predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2).Next(Served.Judge).Always(PredictorStep.Answer(Served.Judge).Until(never.Task));
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor);
        using var caller = new CancellationTokenSource();

        Task<HttpResponseMessage> call = host.Http.PostAsync(Served.Explain, Served.Rows(["[30,1]"]), caller.Token);
        await predictor.WaitForCallsAsync(2);
        await caller.CancelAsync();
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await host.StopAsync();

        // The predictor never answered: had the search gone on, the server would not have stopped.
        predictor.Calls.Should().HaveCount(2);
        host.AssertNoErrors();
    }

    [Theory]
    [InlineData(429, "slow down")]
    [InlineData(503, "not now")]
    public async Task Predictor_ThatFailsInTheMiddle_FailsTheExplanationWithItsStatus(int status, string error)
    {
        using ArtifactFolder folder = Served.People();
        await using ScriptedPredictor predictor = await new ScriptedPredictor()
            .Next(Served.Judge).Next(Served.Judge).Always(PredictorStep.Status(status, error)).ServeAsync();
        await using SidecarTestHost host = await Served.StartBeforeAsync(predictor, folder);

        (int answered, string text) = await host.PostAsync(Served.Explain, Served.Rows(["[30,1]", "[60,2]"]));

        answered.Should().Be(status);
        text.Should().Contain(error).And.NotContain("anchor");
    }

    [Fact]
    public async Task Predictor_OfACall_GetsItsHeaders()
    {
        using ArtifactFolder folder = Served.People();
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(Served.Judge).ServeAsync();
        await using SidecarTestHost host = await Served.StartBeforeAsync(predictor, folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, Served.Explain) { Content = Served.Rows(["[30,1]"]) };
        request.Headers.Add("authorization", "Bearer t");

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        answer.EnsureSuccessStatusCode();
        predictor.Calls.Should().OnlyContain(static c => c.Headers["authorization"] == "Bearer t");
    }

    [Fact]
    public async Task Queue_ThatIsFull_Answers503()
    {
        using ArtifactFolder folder = Served.People();
        var release = new TaskCompletionSource();
        await using var predictor = new ScriptedPredictor().Always(PredictorStep.Answer(Served.Judge).Until(release.Task));
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor, null, "--max_concurrent_requests=1", "--max_queued_requests=0");
        Task<(int Status, string Text)> first = host.PostAsync(Served.Explain, Served.Rows(["[30,1]"]));
        await predictor.WaitForCallsAsync(1);

        (int status, _) = await host.PostAsync(Served.Explain, Served.Rows(["[30,1]"]));
        (int health, _) = ((int)(await host.Http.GetAsync("/v2/health/ready")).StatusCode, 0);
        release.SetResult();

        status.Should().Be(503);
        health.Should().Be(200);
        (await first).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("gb", "")]
    [InlineData("mlp", """{"explainer":"KernelShap","nsamples":60}""")]
    public async Task Callers_AtTheSameTime_GetWhatEachGetsAlone(string model, string parameters)
    {
        using ArtifactFolder folder = Served.Kit10(model);
        await using SidecarTestHost host = await Served.StartAsync(folder);
        string? how = parameters.Length == 0 ? null : parameters;
        string[] rows = Served.Kit10Rows(0, 1, 2, 3);
        string[] alone = new string[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            alone[i] = Served.Timeless((await host.PostAsync(Served.Explain, Served.Rows([rows[i]], how))).Text);
        }

        (int Status, string Text)[] together = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => host.PostAsync(Served.Explain, Served.Rows([rows[i % rows.Length]], how))));

        for (int i = 0; i < together.Length; i++)
        {
            Served.Timeless(together[i].Text).Should().Be(alone[i % rows.Length]);
        }
    }

    [Fact]
    public async Task Callers_WhoseRowsAreMerged_GetTheSameRulesAndNearlyTheSameValues()
    {
        using ArtifactFolder folder = Served.Kit10("mlp");
        await using SidecarTestHost host = await Served.StartAsync(folder);
        await using SidecarTestHost merging = await Served.StartAsync(folder, null, static o => o.Merge = true);
        string[] rows = Served.Kit10Rows(0, 1, 2, 3);
        const string shap = """{"explainer":"KernelShap","nsamples":60}""";

        (int Status, string Text)[] anchors = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => merging.PostAsync(Served.Explain, Served.Rows([rows[i % 4]]))));
        (int Status, string Text)[] values = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => merging.PostAsync(Served.Explain, Served.Rows([rows[i % 4]], shap))));

        for (int i = 0; i < 32; i++)
        {
            JsonElement rule = await host.ExplainAsync(Served.Rows([rows[i % 4]]));
            using JsonDocument merged = JsonDocument.Parse(anchors[i].Text);
            merged.RootElement.At("data.anchor").GetRawText().Should().Be(rule.At("data.anchor").GetRawText());
            merged.RootElement.At("data.raw.prediction").GetRawText().Should().Be(rule.At("data.raw.prediction").GetRawText());
            using JsonDocument mergedValues = JsonDocument.Parse(values[i].Text);
            double[] expected = (await host.ExplainAsync(Served.Rows([rows[i % 4]], shap))).At("data.shap_values.1.0").Numbers();
            mergedValues.RootElement.At("data.shap_values.1.0").Numbers().Zip(expected).Max(static p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-6);
        }
    }
}
