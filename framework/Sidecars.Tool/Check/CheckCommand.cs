using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Tool.Output;

namespace Sidecars.Tool.Check;

/// <summary><c>sidecars check URL</c>: holds a server against the contract of KServe's protocols.</summary>
internal static class CheckCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> url = new("url") { Description = "The server: [http(s)://]host[:port][/path]." };
        Option<string?> model = new("--model", "-m")
        {
            Description = "A model that is ready. Default: the first that the server lists.",
        };
        Option<string> protocols = new("--protocols")
        {
            Description = "What it speaks over REST: v1, v2 or v1,v2.",
            DefaultValueFactory = _ => "v1,v2",
        };
        protocols.AcceptOnlyFromAmong("v1", "v2", "v1,v2");
        Option<string?> grpc = new("--grpc")
        {
            Description = "Its gRPC address, host:port; gRPC is not asked without.",
        };
        Option<string[]> body = new("--body")
        {
            Description = "A request that the model understands, {\"instances\": …} or {\"inputs\": …}; - "
                + "for standard input; one of each may be given. Default: zeros of the shape that the model declares.",
        };
        Option<string[]> headers = new("--header", "-H")
        {
            Description = "A header to send, as 'name: value'; may be repeated.",
        };
        Option<int> timeout = TimeoutOption.Create("How long an answer may take, in seconds.", 10);
        Option<string> output = new("--output", "-o")
        {
            Description = "text or json.",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        Option<bool> strict = new("--strict")
        {
            Description = "Fail on what merely differs from KServe's own server, too.",
        };
        var command = new Command("check", "Ask a server what KServe's protocols promise, and report what is broken.")
        {
            url, model, protocols, grpc, body, headers, timeout, output, strict,
        };
        command.SetAction(async (given, cancellation) =>
        {
            Uri address = Address(given.GetRequiredValue(url));
            TimeSpan limit = TimeoutOption.Read(given, timeout);
            using HttpClient http = Http(limit, given.GetValue(headers) ?? []);
            var own = new List<string>();
            foreach (string file in given.GetValue(body) ?? [])
            {
                own.Add(await TextInput.ReadAsync(file, console, cancellation).ConfigureAwait(false));
            }

            await RequireSomebodyAsync(http, address, cancellation).ConfigureAwait(false);
            await using InferenceClient? client = given.GetValue(grpc) is { } host
                ? new InferenceClient(new InferenceClientOptions
                {
                    Host = host,
                    Protocol = PredictorProtocol.GrpcV2,
                    Timeout = limit,
                })
                : null;
            string[] groups = ["server", .. given.GetValue(protocols)!.Split(','), .. client is null ? (string[])[] : ["grpc"]];
            CheckTarget target = await Discovery.FindAsync(http, address, given.GetValue(grpc), client, given.GetValue(model), own, cancellation)
                .ConfigureAwait(false);
            var runner = new CaseRunner(target, http, client);
            var results = new List<CheckResult>();
            foreach (CheckCase @case in CheckCase.LoadAll().Where(c => groups.Contains(c.Group)))
            {
                results.Add(await runner.RunAsync(@case, cancellation).ConfigureAwait(false));
            }

            await (given.GetValue(output) == "json"
                ? CheckReport.WriteJsonAsync(console.Out, results)
                : CheckReport.WriteTextAsync(console.Out, results)).ConfigureAwait(false);
            return results.Any(r => r.Outcome == CheckOutcome.Broken || (given.GetValue(strict) && r.Outcome == CheckOutcome.Differs)) ? 1 : 0;
        });
        return command;
    }

    /// <summary>As for <c>sidecars call</c>, http needs not be written.</summary>
    private static Uri Address(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out Uri? parsed)
        && parsed.Scheme is "http" or "https"
            ? parsed
            : throw new ToolException($"'{text}' is no http or https URL.");

    /// <summary>Thirty cases that nobody answers say less than one line.</summary>
    private static async Task RequireSomebodyAsync(HttpClient http, Uri address, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage _ = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new ToolException($"Nobody answers at {address}: {e.Message}. Does the server run, and is this its REST port?");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Somebody is there, in whatever language: the cases say what is wrong with the answers.
        }
    }

    private static HttpClient Http(TimeSpan timeout, string[] headers)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = timeout };
        foreach (string header in headers)
        {
            string[] parts = header.Split(':', 2);
            if (parts.Length != 2 || !http.DefaultRequestHeaders.TryAddWithoutValidation(parts[0].Trim(), parts[1].Trim()))
            {
                throw new ToolException($"A header is 'name: value', not '{header}'.");
            }
        }

        return http;
    }
}
