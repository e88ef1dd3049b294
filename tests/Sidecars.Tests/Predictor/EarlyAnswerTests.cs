using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sidecars.Tests.Predictor;

/// <summary>A predictor over h2c that answers before it has read the request.</summary>
public sealed class EarlyAnswerTests
{
    private const int Values = 2_000_000;

    [Fact]
    public async Task Http2_AnswerBeforeTheRequestIsSent_CallLastsUntilItIs()
    {
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication predictor = await ServeAsync(async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"model_name":"m","outputs":[]}""");
            await http.Response.CompleteAsync();
            await returned.Task;
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.SetResult(body.ToArray());
        });
        await using var client = new InferenceClient(new InferenceClientOptions
        {
            Host = predictor.Urls.Single(), Protocol = PredictorProtocol.V2, Http2 = true,
        });
        using InferRequest request = InferRequest.FromTensors(Tensor.FromStrings("x", [new string('a', Values)]));

        Task<InferResponse> call = client.InferAsync(request, new PredictorCall("m")).AsTask();
        bool early = await EndsEarlyAsync(call);
        returned.SetResult();
        using InferResponse answer = await call;

        early.Should().BeFalse("the request's memory goes back with the answer, and the rest of it is still to be sent");
        byte[] body = await received.Task;
        body.AsSpan().Count((byte)'a').Should().BeGreaterThanOrEqualTo(Values);
    }

    /// <summary>Whether the call is over although its request was not read.</summary>
    private static async Task<bool> EndsEarlyAsync(Task call)
    {
        try
        {
            await call.WaitAsync(TimeSpan.FromSeconds(1));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.MapPost("/{**path}", answer);
        await app.StartAsync();
        return app;
    }
}
