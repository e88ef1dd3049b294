using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Testing.Scripted;

/// <summary>One unary gRPC call, frame by frame, so that every part of it can be broken.</summary>
internal sealed class GrpcExchange(ScriptedPredictor predictor, HttpContext http, CancellationToken cancellation)
{
    private const int Ok = 0, InvalidArgument = 3, NotFound = 5, Unimplemented = 12;

    public async Task RunAsync(string method)
    {
        http.Response.ContentType = "application/grpc";
        byte[] frame = await BodyWriter.ReadAllAsync(http.Request.Body, cancellation).ConfigureAwait(false);
        if (frame.Length < 5 || frame[0] != 0)
        {
            Finish(Unimplemented, "The scripted predictor reads one message, not compressed.");
            return;
        }

        byte[] message = frame[5..];
        if (method == "ModelInfer")
        {
            await InferAsync(message).ConfigureAwait(false);
            return;
        }

        await ProbeAsync(method, message).ConfigureAwait(false);
    }

    private async Task InferAsync(byte[] message)
    {
        var request = new InferRequest(WireForm.Grpc, message, null);
        string path = ScriptedServer.GrpcPath + "ModelInfer";
        var call = new ReceivedCall(
            PredictorProtocol.GrpcV2, InferenceVerb.Predict, GrpcCodec.ReadModelName(message), path, ScriptedServer.Headers(http), request)
        {
            Timeout = ReadTimeout(http.Request.Headers["grpc-timeout"].ToString()),
        };
        PredictorStep step = await predictor.BeginAsync(call, cancellation).ConfigureAwait(false);
        var writer = new BodyWriter(http, cancellation);
        switch (step.Breaks)
        {
            case null:
                break;
            case PredictorFault.GarbageBody:
                await WriteFrameAsync([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], 1).ConfigureAwait(false);
                Finish(Ok, "");
                return;
            case { } fault:
                // A frame of 1 MiB, or of the most there is, of which only this much comes.
                byte[] beginning = new byte[10];
                int announced = fault == PredictorFault.EndlessBody ? int.MaxValue : 1 << 20;
                BinaryPrimitives.WriteInt32BigEndian(beginning.AsSpan(1), announced);
                await writer.BreakAsync(fault, beginning).ConfigureAwait(false);
                return;
        }

        foreach ((string name, string value) in step.Headers)
        {
            http.Response.Headers.Append(name, value);
        }

        if (step.Refuses is var (_, status, text))
        {
            Finish(status, text);
            return;
        }

        ScriptedAnswer answer;
        try
        {
            answer = ScriptedAnswer.Of(step, call);
        }
        catch (InferenceException e)
        {
            Finish(InvalidArgument, e.Message);
            return;
        }

        await WriteFrameAsync(answer.Body, step.Chunks).ConfigureAwait(false);
        Finish(Ok, "");
    }

    private async Task ProbeAsync(string method, byte[] message)
    {
        IMessage? answer;
        switch (method)
        {
            case "ServerLive":
                answer = new ServerLiveResponse { Live = true };
                break;
            case "ServerReady":
                predictor.RecordProbe(method);
                answer = new ServerReadyResponse { Ready = predictor.ServerReady };
                break;
            case "ModelReady":
                predictor.RecordProbe($"{method} {ModelReadyRequest.Parser.ParseFrom(message).Name}");
                answer = new ModelReadyResponse { Ready = predictor.ModelReady };
                break;
            case "ModelMetadata":
                predictor.RecordProbe($"{method} {ModelMetadataRequest.Parser.ParseFrom(message).Name}");
                if (predictor.Metadata is not { } metadata)
                {
                    Finish(NotFound, "the scripted predictor has no metadata");
                    return;
                }

                answer = new ModelMetadataResponse
                {
                    Name = metadata.Name,
                    Platform = metadata.Platform,
                    Inputs = { metadata.Inputs.Select(Describe) },
                    Outputs = { metadata.Outputs.Select(Describe) },
                };
                break;
            default:
                Finish(Unimplemented, $"The scripted predictor has no {method}.");
                return;
        }

        await WriteFrameAsync(answer.ToByteArray(), 1).ConfigureAwait(false);
        Finish(Ok, "");
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorMetadata tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype.Name(), Shape = { tensor.Shape } };

    private Task WriteFrameAsync(byte[] message, int chunks)
    {
        byte[] frame = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return new BodyWriter(http, cancellation).WriteAsync(frame, chunks);
    }

    private void Finish(int status, string text)
    {
        string code = status.ToString(CultureInfo.InvariantCulture);
        if (http.Response.HasStarted)
        {
            http.Response.AppendTrailer("grpc-status", code);
            return;
        }

        // Nothing was sent: the trailers are the headers.
        http.Response.Headers["grpc-status"] = code;
        http.Response.Headers["grpc-message"] = Uri.EscapeDataString(text);
    }

    /// <summary>The header's digits and unit, such as 250m for 250 milliseconds.</summary>
    private static TimeSpan? ReadTimeout(string text) =>
        text.Length > 1 && long.TryParse(text[..^1], CultureInfo.InvariantCulture, out long amount)
            ? text[^1] switch
            {
                'H' => TimeSpan.FromHours(amount),
                'M' => TimeSpan.FromMinutes(amount),
                'S' => TimeSpan.FromSeconds(amount),
                'm' => TimeSpan.FromMilliseconds(amount),
                'u' => TimeSpan.FromMicroseconds(amount),
                _ => TimeSpan.FromTicks(amount / 100),
            }
            : null;
}
