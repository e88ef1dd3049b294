using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Protocol;
using Sidecars.Telemetry;

namespace Sidecars.Serving;

/// <summary>Everything over REST that is not an inference: health, metadata, repository, metrics, descriptions.</summary>
internal sealed class InfoEndpoints(
    ModelRegistry models,
    Readiness readiness,
    SidecarMetrics metrics,
    ModelDescriptions descriptions,
    OpenApiDocument openApi,
    StartPage startPage,
    CallFailure failure)
{
    public const string ServerName = "kserve";

    /// <summary>KServe names this one only, though it speaks the binary tensor extension as well.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["model_repository_extension"];

    public static string ServerVersion { get; } = typeof(InfoEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0";

    public async Task HandleAsync(HttpContext http, RestRoute route, string model)
    {
        try
        {
            await AnswerAsync(http, route, model).ConfigureAwait(false);
        }
        catch (InferenceException e)
        {
            await JsonAnswer.WriteErrorAsync(http, e).ConfigureAwait(false);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            // A predictor or a model of somebody's own may throw anything; it goes to the log, as it does from a hook.
            InferenceException error = failure.Read(
                e, models.Find(model)?.Name, null, http.RequestAborted.IsCancellationRequested, InferenceEndpoint.RequestId(http));
            await JsonAnswer.WriteErrorAsync(http, error).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext http, RestRoute route, string model)
    {
        CancellationToken cancellation = http.RequestAborted;
        switch (route)
        {
            case RestRoute.Alive:
                http.Response.Headers.Vary = "Accept";
                await (AcceptedTypes.PrefersHtml(http.Request.Headers.Accept)
                    ? startPage.WriteAsync(http)
                    : JsonAnswer.WriteAsync(http, 200, "{\"status\":\"alive\"}"u8)).ConfigureAwait(false);
                break;

            case RestRoute.V2Live:
                await JsonAnswer.WriteAsync(http, 200, "{\"live\":true}"u8).ConfigureAwait(false);
                break;

            case RestRoute.V2Ready:
                if (!await readiness.IsServerReadyAsync(cancellation).ConfigureAwait(false))
                {
                    throw InferenceException.ServerNotReady();
                }

                await JsonAnswer.WriteAsync(http, 200, "{\"ready\":true}"u8).ConfigureAwait(false);
                break;

            case RestRoute.V1Models or RestRoute.V2Models:
                await JsonAnswer.WriteAsync(http, 200, WriteModels).ConfigureAwait(false);
                break;

            case RestRoute.V1Model or RestRoute.V2ModelReady:
                RegisteredModel asked = Known(model);
                if (!await readiness.IsModelReadyAsync(asked, cancellation).ConfigureAwait(false))
                {
                    throw InferenceException.ModelNotReady(model);
                }

                await JsonAnswer.WriteAsync(http, 200, to => WriteNamed(to, model, "ready"u8)).ConfigureAwait(false);
                break;

            case RestRoute.V2Server:
                await JsonAnswer.WriteAsync(http, 200, WriteServer).ConfigureAwait(false);
                break;

            case RestRoute.V2Model:
                ModelMetadata metadata = await descriptions.MetadataAsync(Known(model), cancellation).ConfigureAwait(false);
                await JsonAnswer.WriteAsync(http, 200, to => WriteMetadata(to, metadata)).ConfigureAwait(false);
                break;

            case RestRoute.V2Version:
                throw InferenceException.NotImplemented("Model versioning not supported yet.");

            case RestRoute.RepositoryLoad:
                await models.LoadAsync(model, cancellation).ConfigureAwait(false);
                await JsonAnswer.WriteAsync(http, 200, to => WriteNamed(to, model, "load"u8)).ConfigureAwait(false);
                break;

            case RestRoute.RepositoryUnload:
                await models.UnloadAsync(model, cancellation).ConfigureAwait(false);
                await JsonAnswer.WriteAsync(http, 200, to => WriteNamed(to, model, "unload"u8)).ConfigureAwait(false);
                break;

            case RestRoute.Metrics:
                await WriteMetricsAsync(http).ConfigureAwait(false);
                break;

            case RestRoute.OpenApi:
                await JsonAnswer.WriteAsync(http, 200, await openApi.WriteAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
                break;

            case RestRoute.Docs:
                await DocsPage.WriteAsync(http).ConfigureAwait(false);
                break;

            default:
                await RestDispatcher.NotFoundAsync(http).ConfigureAwait(false);
                break;
        }
    }

    private RegisteredModel Known(string name) => models.Find(name) ?? throw InferenceException.ModelNotFound(name);

    private Task WriteMetricsAsync(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept";
        ExpositionFormat format = Exposition.Negotiate(http.Request.Headers.Accept);
        using var buffer = new PooledBuffer(16 << 10);
        PrometheusText.Write(buffer, metrics, RuntimeReading.Now(), format);
        return JsonAnswer.WriteAsync(http, 200, buffer.WrittenSpan, Exposition.ContentType(format));
    }

    private void WriteModels(PooledBuffer to)
    {
        to.Write("{\"models\":["u8);
        bool first = true;
        foreach (string name in models.Names)
        {
            JsonText.Separate(to, ref first);
            JsonText.WriteString(to, name);
        }

        to.Write("]}"u8);
    }

    private static void WriteNamed(PooledBuffer to, string model, ReadOnlySpan<byte> what)
    {
        to.Write("{\"name\":"u8);
        JsonText.WriteString(to, model);
        to.Write(",\""u8);
        to.Write(what);
        to.Write("\":true}"u8);
    }

    private static void WriteServer(PooledBuffer to)
    {
        to.Write("{\"name\":"u8);
        JsonText.WriteString(to, ServerName);
        to.Write(",\"version\":"u8);
        JsonText.WriteString(to, ServerVersion);
        to.Write(",\"extensions\":["u8);
        bool first = true;
        foreach (string extension in Extensions)
        {
            JsonText.Separate(to, ref first);
            JsonText.WriteString(to, extension);
        }

        to.Write("]}"u8);
    }

    private static void WriteMetadata(PooledBuffer to, ModelMetadata metadata)
    {
        to.Write("{\"name\":"u8);
        JsonText.WriteString(to, metadata.Name);
        to.Write(",\"versions\":null,\"platform\":"u8);
        JsonText.WriteString(to, metadata.Platform);
        to.Write(",\"inputs\":"u8);
        WriteTensors(to, metadata.Inputs);
        to.Write(",\"outputs\":"u8);
        WriteTensors(to, metadata.Outputs);
        to.Write((byte)'}');
    }

    private static void WriteTensors(PooledBuffer to, IReadOnlyList<TensorMetadata> tensors)
    {
        to.Write((byte)'[');
        bool first = true;
        foreach (TensorMetadata tensor in tensors)
        {
            JsonText.Separate(to, ref first);
            to.Write("{\"name\":"u8);
            JsonText.WriteString(to, tensor.Name);
            to.Write(",\"datatype\":"u8);
            JsonText.WriteString(to, tensor.Datatype.Name());
            to.Write(",\"shape\":["u8);
            bool firstDimension = true;
            foreach (long dimension in tensor.Shape)
            {
                JsonText.Separate(to, ref firstDimension);
                JsonText.WriteInteger(to, dimension);
            }

            to.Write("]}"u8);
        }

        to.Write((byte)']');
    }
}
