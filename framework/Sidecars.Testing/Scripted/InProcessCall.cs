using System.Globalization;
using System.Text.Json;
using Sidecars.Predictor;
using Sidecars.Protocol;

namespace Sidecars.Testing.Scripted;

/// <summary>A call that stays in the process: encoded, recorded, answered and decoded as if it had gone over a wire.</summary>
internal sealed class InProcessCall(ScriptedPredictor predictor)
{
    private static readonly Uri s_address = new("http://scripted-predictor/");

    public async ValueTask<InferResponse> RunAsync(InferRequest request, PredictorCall call, CancellationToken cancellation)
    {
        var options = new InferenceClientOptions { Host = "scripted-predictor", TimeProvider = predictor.Time };
        using var limit = CallLimit.Start(call.Timeout, options, cancellation);
        try
        {
            ReceivedCall received = Receive(request, call);
            PredictorStep step = await predictor.BeginAsync(received, limit.Token).ConfigureAwait(false);
            return step.Breaks is { } fault
                ? throw await BreakAsync(fault, limit.Token).ConfigureAwait(false)
                : Answer(step, received);
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            throw limit.TimeoutError(s_address, e);
        }
    }

    private ReceivedCall Receive(InferRequest request, PredictorCall call)
    {
        using WirePayload payload = RequestEncoder.Encode(request, predictor.Protocol, call.ModelName, predictor.Metadata?.Inputs);
        WireForm form = predictor.Protocol switch
        {
            PredictorProtocol.V1 => MediaTypes.IsJson(payload.ContentType) ? WireForm.V1 : WireForm.Opaque,
            PredictorProtocol.V2 => payload.JsonLength >= 0 ? WireForm.V2Binary : WireForm.V2,
            _ => WireForm.Grpc,
        };
        string path = predictor.Protocol switch
        {
            PredictorProtocol.V1 => $"/v1/models/{call.ModelName}:predict",
            PredictorProtocol.V2 => $"/v2/models/{call.ModelName}/infer",
            _ => ScriptedServer.GrpcPath + "ModelInfer",
        };
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in call.Headers ?? [])
        {
            headers[name] = value;
        }

        if (payload.JsonLength >= 0)
        {
            headers[V2Json.LengthHeader] = payload.JsonLength.ToString(CultureInfo.InvariantCulture);
        }

        var copy = new InferRequest(form, ScriptedAnswer.Flatten(payload), payload.ContentType, payload.JsonLength);
        return new ReceivedCall(predictor.Protocol, InferenceVerb.Predict, call.ModelName, path, headers, copy) { Timeout = call.Timeout };
    }

    private static InferResponse Answer(PredictorStep step, ReceivedCall received)
    {
        if (step.Refuses is var (http, grpc, text))
        {
            throw new InferenceException(ErrorKind.PredictorStatus, text)
            {
                HttpStatus = received.Protocol == PredictorProtocol.GrpcV2 ? null : http,
                GrpcStatus = received.Protocol == PredictorProtocol.GrpcV2 ? grpc : null,
            };
        }

        ScriptedAnswer answer = ScriptedAnswer.Of(step, received);
        WireForm form = received.Protocol switch
        {
            PredictorProtocol.V1 => WireForm.V1,
            PredictorProtocol.V2 => answer.JsonLength >= 0 ? WireForm.V2Binary : WireForm.V2,
            _ => WireForm.Grpc,
        };
        if (form is WireForm.V1 or WireForm.V2)
        {
            RequireJson(answer.Body);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in step.Headers)
        {
            headers[name] = value;
        }

        return new InferResponse(form, answer.Body, answer.ContentType, answer.JsonLength) { FromPredictor = true, Headers = headers };
    }

    private static void RequireJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new InferenceException(ErrorKind.PredictorBody, "The scripted predictor sent an answer that cannot be read: it is not JSON.", e);
        }
    }

    private static async ValueTask<InferenceException> BreakAsync(PredictorFault fault, CancellationToken cancellation)
    {
        if (fault == PredictorFault.NoAnswer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }

        return new InferenceException(ErrorKind.PredictorBody, fault switch
        {
            PredictorFault.GarbageBody => "The scripted predictor sent an answer that cannot be read.",
            PredictorFault.EndlessBody => "The scripted predictor's answer is larger than any limit.",
            _ => "The scripted predictor closed the connection before its answer was complete.",
        });
    }
}
