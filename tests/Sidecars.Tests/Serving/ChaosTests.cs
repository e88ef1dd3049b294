using System.Globalization;
using System.Net;
using Grpc.Core;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>
/// Many requests at once over a predictor that breaks in every way, chosen by the request's own value. Each gets what
/// belongs to it: memory that went back to the pool too early or twice would show as another request's values.
/// </summary>
public sealed class ChaosTests
{
    private const int Requests = 240, AtOnce = 24, Width = 300;

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.V2)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task Chaos_EveryRequest_GetsItsOwnAnswerOrItsOwnError(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(PredictorStep.Choose(Choose)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Doubling>(predictor);
        (int Expected, string Found)[] results = new (int, string)[Requests];

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) => results[i] = (Expected(i), await AskAsync(host, i)));

        results.Select((r, i) => (i, r.Expected, r.Found)).Where(static r => r.Found != r.Expected.ToString(CultureInfo.InvariantCulture))
            .Should().BeEmpty();
        predictor.Calls.Should().HaveCount(Requests);
        (await AskAsync(host, 0)).Should().Be("200", "the server goes on");
        await LifecycleTests.WaitForMetricAsync(host, "sidecar_requests_in_flight 0.0");
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Brackets_AHundredMegabytes_AreRefusedAndTheServerGoesOn()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel<Looking>("looking").AddModel<Proxy>("proxy"), predictor, "--max_request_body_size=200000000");

        foreach (string path in (string[])["/v1/models/looking:predict", "/v2/models/looking/infer", "/v1/models/proxy:predict"])
        {
            using var content = new Repeated((byte)'[', 100 << 20);
            using HttpResponseMessage refused = await host.Http.PostAsync(path, content);
            refused.StatusCode.Should().Be(HttpStatusCode.BadRequest, path);
        }

        using HttpResponseMessage after = await host.Http.PostAsync("/v1/models/proxy:predict", TestCalls.Json("""{"instances":[1]}"""));
        after.StatusCode.Should().Be(HttpStatusCode.OK);
        predictor.Calls.Should().ContainSingle("what is no JSON goes no further");
        host.AssertNoErrors();
    }

    /// <summary>What the predictor does with the request whose values begin with this number.</summary>
    private static PredictorStep Choose(ReceivedCall call)
    {
        float[] values = call.Request.Inputs[0].ToArray<float>();
        int i = (int)values[0] / 2;
        return (i % 8) switch
        {
            1 => PredictorStep.Fault(PredictorFault.ConnectionReset),
            2 => PredictorStep.Fault(PredictorFault.TruncatedBody),
            3 => PredictorStep.Fault(PredictorFault.GarbageBody),
            4 => PredictorStep.Status(429, "busy"),
            5 => PredictorStep.Answer(Tensor.Create("y", values)).InChunks(5),
            _ => PredictorStep.Answer(Tensor.Create("y", values)),
        };
    }

    private static int Expected(int i) => (i % 8) switch
    {
        1 or 2 or 3 => 502,
        4 => 429,
        _ => 200,
    };

    /// <summary>The status, or what was wrong with the values.</summary>
    private static async Task<string> AskAsync(SidecarTestHost host, int i)
    {
        float[] values = [i, .. Enumerable.Repeat((float)i, Width - 1)];
        float[] answer;
        switch (i / 8 % 3)
        {
            case 0:
            {
                using HttpResponseMessage v1 = await host.Http.PostAsync(
                    TestCalls.V1Predict, TestCalls.Json("{\"instances\":[" + string.Join(',', values) + "]}"));
                if (!v1.IsSuccessStatusCode)
                {
                    return ((int)v1.StatusCode).ToString(CultureInfo.InvariantCulture);
                }

                answer = [.. (await v1.ReadJsonAsync()).GetProperty("predictions").EnumerateArray().Select(static p => p.GetSingle())];
                break;
            }

            case 1:
            {
                using HttpResponseMessage v2 = await host.Http.PostAsync(TestCalls.V2Infer, TestCalls.Binary("x", values, $"[{Width}]"));
                if (!v2.IsSuccessStatusCode)
                {
                    return ((int)v2.StatusCode).ToString(CultureInfo.InvariantCulture);
                }

                answer = [.. (await v2.ReadJsonAsync()).GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static p => p.GetSingle())];
                break;
            }

            default:
                try
                {
                    ModelInferResponse grpc = await host.GrpcAsync(TestCalls.GrpcRequest("x", values, Width));
                    answer = grpc.RawOutputContents.Count > 0 ? TestCalls.Floats(grpc.RawOutputContents[0].Span)
                        : grpc.Outputs[0].Datatype == "FP64" ? [.. grpc.Outputs[0].Contents.Fp64Contents.Select(static d => (float)d)]
                        : [.. grpc.Outputs[0].Contents.Fp32Contents];
                }
                catch (RpcException e)
                {
                    return e.StatusCode switch
                    {
                        StatusCode.Internal => "502",
                        StatusCode.ResourceExhausted => "429",
                        _ => $"{e.StatusCode}: {e.Status.Detail}",
                    };
                }

                break;
        }

        return answer.Length == Width && answer.All(v => v == i * 4) ? "200" : "values of another: " + string.Join(',', answer.Take(4));
    }

    /// <summary>One byte again and again, without a buffer of all of them.</summary>
    private sealed class Repeated : HttpContent
    {
        private readonly byte _value;
        private readonly int _count;

        public Repeated(byte value, int count)
        {
            (_value, _count) = (value, count);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] block = new byte[1 << 20];
            Array.Fill(block, _value);
            for (int left = _count; left > 0; left -= block.Length)
            {
                await stream.WriteAsync(block.AsMemory(0, Math.Min(left, block.Length)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _count;
            return true;
        }
    }
}
