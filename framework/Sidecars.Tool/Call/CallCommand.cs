using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Tool.Output;

namespace Sidecars.Tool.Call;

/// <summary><c>sidecars call HOST --model NAME</c>: predict or explain, over any protocol.</summary>
internal static class CallCommand
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A server that has no such form answers in JSON, and the answer is shown as a table.</summary>
    private static readonly KeyValuePair<string, string>[] s_wantsText = [KeyValuePair.Create("Accept", "text/plain, application/json;q=0.9")];

    public static Command Create(ToolConsole console)
    {
        Argument<string> host = new("host") { Description = "Where: host, host:port or a URL." };
        Option<string> model = new("--model", "-m") { Description = "The model's name.", Required = true };
        Option<string> protocol = ProtocolOption();
        Option<bool> explain = new("--explain")
        {
            Description = "Ask for an explanation instead of a prediction (V1).",
        };
        Option<string> file = new("--file", "-f")
        {
            Description = "The request in JSON: {\"instances\": …}, {\"inputs\": …} or rows; - for standard input.",
            DefaultValueFactory = _ => "-",
        };
        Option<string> output = new("--output", "-o")
        {
            Description = "table, json, or text: an explanation as its server tells it to people.",
            DefaultValueFactory = _ => "table",
        };
        output.AcceptOnlyFromAmong("table", "json", "text");
        Option<string[]> headers = new("--header", "-H")
        {
            Description = "A header to send, as 'name: value'; may be repeated. Behind an ingress: 'Host: …'.",
        };
        Option<int> timeout = TimeoutOption.Create("How long it may take, in seconds.", 60);
        Option<string?> authority = new("--ca-file") { Description = "A PEM file with the certificates to trust." };
        var command = new Command("call", "Call a model: predict or explain, over V1, V2 or gRPC.")
        {
            host, model, protocol, explain, file, output, headers, timeout, authority,
        };
        command.SetAction(async (given, cancellation) =>
        {
            string form = given.GetValue(output)!;
            if (form == "text" && !given.GetValue(explain))
            {
                throw new ToolException("--output text is for explanations: add --explain.");
            }

            TimeSpan limit = TimeoutOption.Read(given, timeout);
            InferRequest request = RequestFile.Read(
                await TextInput.ReadAsync(given.GetValue(file)!, console, cancellation).ConfigureAwait(false));
            PredictorProtocol spoken = Read(given.GetValue(protocol)!);
            string name = given.GetRequiredValue(model);
            await using var client = new InferenceClient(new InferenceClientOptions
            {
                Host = given.GetRequiredValue(host),
                Protocol = spoken,
                Timeout = limit,
                CaFile = given.GetValue(authority),
            });
            var call = new PredictorCall(name)
            {
                Headers = [.. (given.GetValue(headers) ?? []).Select(Header), .. form == "text" ? s_wantsText : []],
            };
            using InferResponse response = given.GetValue(explain)
                ? await client.ExplainAsync(request, call, cancellation).ConfigureAwait(false)
                : await client.InferAsync(request, call, cancellation).ConfigureAwait(false);
            if (response.IsOpaque)
            {
                await console.Out.WriteLineAsync(Encoding.UTF8.GetString(response.Body.Span).TrimEnd('\n')).ConfigureAwait(false);
                return 0;
            }

            JsonNode? answer = AnswerJson.Of(response, request, spoken, name);
            if (form == "json")
            {
                await console.Out.WriteLineAsync(answer?.ToJsonString(s_indented) ?? "null").ConfigureAwait(false);
            }
            else
            {
                await AnswerTable.WriteAsync(console.Out, answer).ConfigureAwait(false);
            }

            return 0;
        });
        return command;
    }

    private static Option<string> ProtocolOption()
    {
        var option = new Option<string>("--protocol", "-p") { Description = "What to speak: v1, v2 or grpc-v2.", DefaultValueFactory = _ => "v1" };
        option.AcceptOnlyFromAmong("v1", "v2", "grpc-v2");
        return option;
    }

    private static PredictorProtocol Read(string protocol) => protocol switch
    {
        "v1" => PredictorProtocol.V1,
        "v2" => PredictorProtocol.V2,
        _ => PredictorProtocol.GrpcV2,
    };

    private static KeyValuePair<string, string> Header(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? KeyValuePair.Create(text[..colon].Trim(), text[(colon + 1)..].Trim())
            : throw new ToolException($"A header is 'name: value', not '{text}'.");
    }
}
