using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Sidecars.Protocol;

namespace Sidecars.Testing.Scripted;

/// <summary>A scripted predictor on two ports of the loopback address.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    public const string GrpcPath = "/" + GrpcMarshallers.Service + "/";

    private readonly WebApplication _web;
    private readonly ScriptedPredictor _predictor;
    private readonly CancellationTokenSource _closing = new();

    private ScriptedServer(WebApplication web, ScriptedPredictor predictor)
    {
        _web = web;
        _predictor = predictor;
    }

    public Uri RestAddress { get; private set; } = null!;

    public Uri GrpcAddress { get; private set; } = null!;

    public static async Task<ScriptedServer> StartAsync(ScriptedPredictor predictor)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication web = builder.Build();
        var server = new ScriptedServer(web, predictor);
        web.Run(server.HandleAsync);
        await web.StartAsync().ConfigureAwait(false);
        string[] urls = [.. web.Urls];
        server.RestAddress = new Uri(urls[0]);
        server.GrpcAddress = new Uri(urls[1]);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that are never answered would hold the ports open.
        await _closing.CancelAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _closing.Token);
        try
        {
            string path = http.Request.Path.Value ?? "/";
            if (path.StartsWith(GrpcPath, StringComparison.Ordinal))
            {
                await new GrpcExchange(_predictor, http, ending.Token).RunAsync(path[GrpcPath.Length..]).ConfigureAwait(false);
            }
            else if (HttpMethods.IsPost(http.Request.Method))
            {
                await InferAsync(http, path, ending.Token).ConfigureAwait(false);
            }
            else
            {
                await RestProbes.AnswerAsync(_predictor, http, path).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private async Task InferAsync(HttpContext http, string path, CancellationToken cancellation)
    {
        if (await ReceiveAsync(http, path, cancellation).ConfigureAwait(false) is not { } call)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        PredictorStep step = await _predictor.BeginAsync(call, cancellation).ConfigureAwait(false);
        var writer = new BodyWriter(http, cancellation);
        if (step.Breaks is { } fault)
        {
            http.Response.ContentType = MediaTypes.Json;
            await writer.BreakAsync(fault, "{\"predictions\":["u8.ToArray()).ConfigureAwait(false);
            return;
        }

        foreach ((string name, string value) in step.Headers)
        {
            http.Response.Headers.Append(name, value);
        }

        (int status, ScriptedAnswer answer) = Answer(step, call);
        http.Response.StatusCode = status;
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        if (answer.JsonLength >= 0)
        {
            http.Response.Headers[V2Json.LengthHeader] = answer.JsonLength.ToString(CultureInfo.InvariantCulture);
        }

        await writer.WriteAsync(answer.Body, step.Chunks).ConfigureAwait(false);
    }

    private static (int Status, ScriptedAnswer Answer) Answer(PredictorStep step, ReceivedCall call)
    {
        if (step.Refuses is var (status, _, text))
        {
            return (status, Error(text));
        }

        try
        {
            return (StatusCodes.Status200OK, ScriptedAnswer.Of(step, call));
        }
        catch (InferenceException e)
        {
            return (StatusCodes.Status400BadRequest, Error(e.Message));
        }
    }

    private static ScriptedAnswer Error(string text) =>
        new(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["error"] = text }.ToJsonString()), MediaTypes.Json, -1);

    /// <summary>Reads a call of /v1/models/m:predict, :explain or /v2/models/m/infer, wherever these paths begin.</summary>
    private static async Task<ReceivedCall?> ReceiveAsync(HttpContext http, string path, CancellationToken cancellation)
    {
        const string v1 = "/v1/models/", v2 = "/v2/models/", infer = "/infer", predict = ":predict", explain = ":explain";
        int at = path.IndexOf(v1, StringComparison.Ordinal);
        bool isV1 = at >= 0;
        at = isV1 ? at + v1.Length : path.IndexOf(v2, StringComparison.Ordinal) + v2.Length;
        string rest = at >= v1.Length ? path[at..] : "";
        string suffix = !isV1 ? infer : rest.EndsWith(explain, StringComparison.Ordinal) ? explain : predict;
        if (!rest.EndsWith(suffix, StringComparison.Ordinal))
        {
            return null;
        }

        byte[] body = await BodyWriter.ReadAllAsync(http.Request.Body, cancellation).ConfigureAwait(false);
        WireForm form = isV1 ? WireForm.V1 : WireForm.V2;
        int jsonLength = -1;
        if (!isV1 && http.Request.Headers.TryGetValue(V2Json.LengthHeader, out var length))
        {
            form = WireForm.V2Binary;
            jsonLength = int.Parse(length.ToString(), CultureInfo.InvariantCulture);
        }

        return new ReceivedCall(
            isV1 ? PredictorProtocol.V1 : PredictorProtocol.V2,
            suffix == explain ? InferenceVerb.Explain : InferenceVerb.Predict,
            rest[..^suffix.Length],
            path,
            Headers(http),
            new InferRequest(form, body, http.Request.ContentType, jsonLength));
    }

    internal static Dictionary<string, string> Headers(HttpContext http) =>
        http.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
