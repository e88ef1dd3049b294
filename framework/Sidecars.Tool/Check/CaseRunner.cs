using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Tool.Call;

namespace Sidecars.Tool.Check;

/// <summary>Asks one case and compares the answer.</summary>
internal sealed class CaseRunner(CheckTarget target, HttpClient http, InferenceClient? grpc)
{
    private const int Ok = 0;
    private const int UnknownStatus = 2;
    private const int InvalidArgument = 3;

    public async Task<CheckResult> RunAsync(CheckCase @case, CancellationToken cancellation)
    {
        if (target.Missing(@case) is { } missing)
        {
            return new CheckResult(@case, CheckOutcome.NotAsked) { Got = missing };
        }

        if (BodyName(@case) == "infer:binary" && !target.Sample!.IsZeros)
        {
            return new CheckResult(@case, CheckOutcome.NotAsked) { Got = "it needs a model that declares its inputs" };
        }

        (string sent, CheckAnswer answer) = @case.Send is { } send
            ? await SendAsync(send, cancellation).ConfigureAwait(false)
            : await CallAsync(@case.Call!, cancellation).ConfigureAwait(false);
        string? broken = answer.NoAnswer is not null ? "an answer" : Problem(@case, @case.Must, answer);
        string? differs = broken is null ? Problem(@case, @case.Should, answer) : null;
        return new CheckResult(@case, broken is not null ? CheckOutcome.Broken : differs is not null ? CheckOutcome.Differs : CheckOutcome.Passed)
        {
            Sent = sent,
            Expected = broken ?? differs,
            Got = answer.ToString(),
            Hint = broken is null ? null : Hint(@case, answer),
        };
    }

    /// <summary>A model may have reasons of its own to refuse zeros, which breaks no contract.</summary>
    private string? Hint(CheckCase @case, CheckAnswer answer) =>
        BodyName(@case) is not null && target.Sample is { IsZeros: true } && answer.Status is 400 or 422 or InvalidArgument
            ? "it was asked with zeros; if the model refuses those, give a V2 request that it understands with --body"
            : null;

    /// <returns>What was expected and is not so; null when all is.</returns>
    private string? Problem(CheckCase @case, CheckExpectation? expectation, CheckAnswer answer)
    {
        if (expectation is null)
        {
            return null;
        }

        if ((expectation.Status ?? expectation.Grpc) is { } statuses && (answer.Status is not { } status || !statuses.Contains(status)))
        {
            return $"{(expectation.Grpc is null ? "status" : "gRPC status")} {string.Join(" or ", statuses)}";
        }

        if (expectation.ContentType is { } type && answer.ContentType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) != true)
        {
            return $"content type {type}";
        }

        if (expectation.Body is not { } body)
        {
            return null;
        }

        if (body.GetValueKind() == JsonValueKind.String && body.GetValue<string>() == "@tensors")
        {
            return TensorAnswer.Problem(answer.Json, target.Sample!, target.Model!, withId: BodyName(@case) != "infer:no-id");
        }

        return JsonTemplate.Problem(JsonNode.Parse(target.Fill(body.ToJsonString())), answer.Json);
    }

    private async Task<(string Sent, CheckAnswer Answer)> SendAsync(CheckSend send, CancellationToken cancellation)
    {
        string path = target.Fill(send.Path);
        using var request = new HttpRequestMessage(new HttpMethod(send.Method), new Uri(target.Rest.AbsoluteUri.TrimEnd('/') + path));
        string shown = "";
        if (send.Body is not null)
        {
            (byte[] body, IReadOnlyDictionary<string, string> headers) = Body(send.Body);
            shown = Show(body);
            request.Content = new ByteArrayContent(body);
            headers = send.Headers ?? (headers.Count > 0 ? headers : new Dictionary<string, string> { ["Content-Type"] = "application/json" });
            foreach ((string name, string value) in headers.Where(h => h.Value.Length > 0))
            {
                if (name == "Content-Type")
                {
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue(value);
                }
                else
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }
        }

        string sent = $"{send.Method} {path}{(shown.Length > 0 ? "  " + shown : "")}";
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            return (sent, new CheckAnswer
            {
                Status = (int)answer.StatusCode,
                ContentType = answer.Content.Headers.ContentType?.ToString(),
                Body = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false),
            });
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (sent, new CheckAnswer { NoAnswer = $"no answer: {e.Message}" });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (sent, new CheckAnswer { NoAnswer = $"no answer within {http.Timeout.TotalSeconds:0} s" });
        }
    }

    private async Task<(string Sent, CheckAnswer Answer)> CallAsync(CheckCall call, CancellationToken cancellation)
    {
        string model = target.Fill(call.Model ?? "");
        string sent = $"{call.Rpc}{(model.Length > 0 ? " " + model : "")}";
        try
        {
            JsonNode answer = call.Rpc switch
            {
                "ServerLive" => new JsonObject { ["live"] = await grpc!.IsServerLiveAsync(cancellation).ConfigureAwait(false) },
                "ServerReady" => new JsonObject { ["ready"] = await grpc!.IsServerReadyAsync(cancellation).ConfigureAwait(false) },
                "ModelReady" => new JsonObject { ["ready"] = await grpc!.IsModelReadyAsync(model, cancellation).ConfigureAwait(false) },
                "ModelMetadata" => Describe((await grpc!.GetModelMetadataAsync(model, cancellation).ConfigureAwait(false))!),
                "ModelInfer" => await InferAsync(model, Body(call.Body!).Body, cancellation).ConfigureAwait(false),
                _ => throw new InvalidOperationException($"There is no call {call.Rpc}."),
            };
            return (sent, new CheckAnswer { IsGrpc = true, Status = Ok, Body = Encoding.UTF8.GetBytes(answer.ToJsonString()) });
        }
        catch (InferenceException e) when (e.Kind is ErrorKind.PredictorUnreachable or ErrorKind.PredictorTimeout)
        {
            return (sent, new CheckAnswer { IsGrpc = true, NoAnswer = $"no answer: {e.Message}" });
        }
        catch (InferenceException e)
        {
            return (sent, new CheckAnswer
            {
                IsGrpc = true,
                Status = e.GrpcStatus ?? UnknownStatus,
                Body = Encoding.UTF8.GetBytes(new JsonObject { ["error"] = e.Message }.ToJsonString()),
            });
        }
    }

    private async Task<JsonNode> InferAsync(string model, byte[] body, CancellationToken cancellation)
    {
        using InferRequest request = RequestFile.Read(Encoding.UTF8.GetString(body));
        using InferResponse response = await grpc!.InferAsync(request, new PredictorCall(model), cancellation).ConfigureAwait(false);
        JsonObject answer = AnswerJson.Of(response, request, PredictorProtocol.GrpcV2, model)!.AsObject();
        answer["id"] = response.Id;
        answer["model_name"] = response.ModelName;
        return answer;
    }

    public static JsonObject Describe(ModelMetadata metadata)
    {
        static JsonArray Tensors(IReadOnlyList<TensorMetadata> tensors) => new([.. tensors.Select(t => new JsonObject
        {
            ["name"] = t.Name,
            ["datatype"] = t.Datatype.ToString(),
            ["shape"] = new JsonArray([.. t.Shape.Select(d => (JsonNode)d)]),
        })]);
        return new JsonObject { ["name"] = metadata.Name, ["inputs"] = Tensors(metadata.Inputs), ["outputs"] = Tensors(metadata.Outputs) };
    }

    private (byte[] Body, IReadOnlyDictionary<string, string> Headers) Body(JsonNode body)
    {
        string? text = body.GetValueKind() == JsonValueKind.String ? body.GetValue<string>() : null;
        return text switch
        {
            null => (Encoding.UTF8.GetBytes(body.ToJsonString()), new Dictionary<string, string>()),
            "@v1" => (Encoding.UTF8.GetBytes(target.V1Body!), new Dictionary<string, string>()),
            ['@', .. string name] => target.Sample!.Make(name),
            _ => (Encoding.UTF8.GetBytes(text), new Dictionary<string, string>()),
        };
    }

    /// <summary>The name of the sample that a case sends; null when it sends something else.</summary>
    private static string? BodyName(CheckCase @case) =>
        (@case.Send?.Body ?? @case.Call?.Body) is { } body && body.GetValueKind() == JsonValueKind.String
        && body.GetValue<string>() is ['@', .. string name] ? name : null;

    private static string Show(byte[] body)
    {
        string text = new([.. Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 120))).Select(c => char.IsControl(c) ? '·' : c)]);
        return body.Length > 120 ? text + "…" : text;
    }
}
