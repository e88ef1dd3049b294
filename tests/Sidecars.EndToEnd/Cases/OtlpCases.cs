using System.Text;
using FluentAssertions;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using Xunit;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract 7.3: traces and metrics go to a collector when the standard variables name one.</summary>
public class OtlpCases
{
    [Fact(DisplayName = "7.3 OTLP export")]
    public async Task Otlp_EndpointNamed_GetsSpansAndMetrics()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var traces = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var metrics = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var spans = new StringBuilder();
        await using StubPredictor collector = StubPredictor.Start();
        collector.Script(request =>
        {
            // What belongs to one request may leave in several exports: spans are gathered until all its stages have come,
            // and metrics may leave before any request was served.
            if (request.Target == "/v1/traces")
            {
                lock (spans)
                {
                    string gathered = spans.Append(Encoding.Latin1.GetString(request.Body)).ToString();
                    if (new[] { "preprocess", "predict", "postprocess" }.All(gathered.Contains))
                    {
                        traces.TrySetResult(gathered);
                    }
                }
            }
            else if (request.Target == "/v1/metrics" && request.Body.AsSpan().IndexOf("request_predict_seconds"u8) >= 0)
            {
                metrics.TrySetResult(request.Body);
            }

            return StubAnswers.Json(200, "{}");
        });
        await using Bench bench = await Bench.StartAsync(
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.Host}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "isvc-transformer"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        ]);

        HttpAnswer answer = await bench.SendAsync(HttpRequestText.Post("/v1/models/echo:predict")
            .With("Content-Type", "application/json")
            .With("traceparent", $"00-{Trace}-b7ad6b7169203331-01")
            .WithBody("""{"instances":[1]}"""u8.ToArray()));

        answer.Status.Should().Be(200);
        using CancellationTokenSource deadline = Deadline.Start();
        string exported = await traces.Task.WaitAsync(deadline.Token);
        exported.Should().Contain("isvc-transformer")
            .And.Contain(Encoding.Latin1.GetString(Convert.FromHexString(Trace)), "the spans continue the caller's trace");
        (await metrics.Task.WaitAsync(deadline.Token)).Should().NotBeEmpty();
    }
}
