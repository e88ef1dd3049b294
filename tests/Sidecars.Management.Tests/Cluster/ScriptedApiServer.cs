using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>
/// An API server on a real socket with the API conventions: Status objects, resourceVersion, conflicts, pages, watches
/// with bookmarks and expiry. Tests script what goes wrong.
/// </summary>
internal sealed class ScriptedApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<(string Verb, Func<HttpContext, Task<bool>> Act)> _interruptions = [];
    private readonly CancellationTokenSource _stopping = new();

    private int _disposed;

    private ScriptedApiServer(WebApplication app) => _app = app;

    public ObjectStore Store { get; } = new();

    public WatchHub Watches { get; } = new();

    public Uri Address { get; private set; } = null!;

    /// <summary>Whether the InferenceService resource is defined.</summary>
    public bool KServeInstalled { get; set; } = true;

    /// <summary>The token to ask for; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether an expired watch is refused with status 410 instead of an ERROR event.</summary>
    public bool ExpireByStatus { get; set; }

    /// <summary>What the account may not do, as <c>verb resource</c>.</summary>
    public HashSet<string> Forbidden { get; } = [];

    public ConcurrentDictionary<string, string> Logs { get; } = new();

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public IReadOnlyList<string> Verbs => [.. _requests.Select(r => r.Verb)];

    /// <param name="certificate">For HTTPS; null for plain HTTP.</param>
    public static async Task<ScriptedApiServer> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l =>
        {
            if (certificate is not null)
            {
                l.UseHttps(certificate);
            }
        }));
        WebApplication app = builder.Build();
        var server = new ScriptedApiServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Urls.Single());
        return server;
    }

    public KServeClient Client(TimeProvider? time = null, string? token = null) => new(new KServeClientOptions
    {
        Configuration = new k8s.KubernetesClientConfiguration { Host = Address.ToString(), AccessToken = token },
        Namespace = "team",
        TimeProvider = time ?? TimeProvider.System,
    });

    /// <summary>Handles the next request of a verb before the server does; true when that was the answer.</summary>
    public void Next(string verb, Func<HttpContext, Task<bool>> interrupt)
    {
        lock (_interruptions)
        {
            _interruptions.Add((verb, interrupt));
        }
    }

    /// <summary>Does something between a client's request and its handling: somebody else is faster.</summary>
    public void BeforeNext(string verb, Action act) => Next(verb, _ =>
    {
        act();
        return Task.FromResult(false);
    });

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        Watches.End();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        string[] parts = context.Request.Path.Value!.Trim('/').Split('/');
        ReceivedRequest request = Describe(context.Request, body, parts);
        _requests.Enqueue(request);
        try
        {
            if (Interruption(request.Verb) is { } interrupt && await interrupt(context))
            {
                return;
            }

            await HandleAsync(context, request, parts, body);
        }
        catch (ApiRefusal refusal)
        {
            await WriteAsync(context, refusal.Code, refusal.ToStatus());
        }
    }

    /// <summary>The first script that waits for this verb.</summary>
    private Func<HttpContext, Task<bool>>? Interruption(string verb)
    {
        lock (_interruptions)
        {
            int index = _interruptions.FindIndex(i => i.Verb == verb);
            if (index < 0)
            {
                return null;
            }

            Func<HttpContext, Task<bool>> found = _interruptions[index].Act;
            _interruptions.RemoveAt(index);
            return found;
        }
    }

    private async Task HandleAsync(HttpContext context, ReceivedRequest request, string[] parts, string body)
    {
        if (Token is not null && request.Authorization != "Bearer " + Token)
        {
            throw new ApiRefusal(401, "Unauthorized", "Unauthorized");
        }

        int start = parts[0] == "apis" ? 3 : 2;
        if ((parts[0] == "apis" && !KServeInstalled) || parts.Length < start + 3 || parts[start] != "namespaces")
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("404 page not found\n");
            return;
        }

        string ns = parts[start + 1], resource = parts[start + 2];
        string? name = parts.Length > start + 3 ? Uri.UnescapeDataString(parts[start + 3]) : null;
        if (Forbidden.Contains($"{request.Verb} {resource}"))
        {
            throw ApiRefusal.Forbidden(request.Verb, resource, ns);
        }

        if (parts.Length > start + 4 && parts[start + 4] == "log")
        {
            await LogAsync(context, name!);
            return;
        }

        switch (request.Verb)
        {
            case "watch":
                await WatchAsync(context, resource, ns, request);
                break;
            case "list":
                await WriteAsync(context, 200, Pages.List(Store, resource, ns, request.Query));
                break;
            case "get":
                await WriteAsync(context, 200, Store.Get(resource, ns, name!));
                break;
            case "create":
                await WriteAsync(context, 201, Store.Create(resource, ns, Parse(body)));
                break;
            case "update":
                await WriteAsync(context, 200, Store.Replace(resource, ns, name!, Parse(body)));
                break;
            case "patch" when request.ContentType == "application/apply-patch+yaml":
                await WriteAsync(context, 200, Store.Apply(
                    resource, ns, name!, Parse(body), request.Query["fieldManager"], request.Query["force"] == "true"));
                break;
            case "patch" when request.ContentType == "application/merge-patch+json":
                await WriteAsync(context, 200, Store.Merge(resource, ns, name!, Parse(body)));
                break;
            case "patch":
                throw new ApiRefusal(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {request.ContentType}");
            case "delete":
                Store.Delete(resource, ns, name!);
                await WriteAsync(context, 200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
                break;
        }
    }

    private async Task LogAsync(HttpContext context, string pod)
    {
        string key = $"{pod}/{context.Request.Query["container"]}" + (context.Request.Query["previous"] == "true" ? "/previous" : "");
        if (!Logs.TryGetValue(key, out string? log))
        {
            throw new ApiRefusal(400, "BadRequest", $"no log at {key}");
        }

        await context.Response.WriteAsync(log);
    }

    private async Task WatchAsync(HttpContext context, string resource, string ns, ReceivedRequest request)
    {
        long version = long.Parse(request.Query["resourceVersion"], CultureInfo.InvariantCulture);
        string? name = request.Query.TryGetValue("fieldSelector", out string? selector) ? selector.Split('=')[1] : null;
        if (ExpireByStatus && Store.Since(resource, ns, version) is null)
        {
            throw ApiRefusal.Expired();
        }

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        WatchHub.Watch watch = Watches.Open(version);
        bool ending = false;
        while (!end.IsCancellationRequested)
        {
            if (Store.Since(resource, ns, version) is not { } since)
            {
                await LineAsync(context, "ERROR", ApiRefusal.Expired().ToStatus());
                return;
            }

            foreach (StoreEvent e in since.Events)
            {
                version = e.Version;
                if (name is null || e.Object["metadata"]!["name"]!.GetValue<string>() == name)
                {
                    await LineAsync(context, e.Type, e.Object);
                }
            }

            if (ending)
            {
                return;
            }

            Task either = Task.WhenAny(since.More, watch.Told);
            await either.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (watch.TryTake(out string? told))
            {
                if (told == WatchHub.EndOfWatch)
                {
                    ending = true;
                }
                else if (told == WatchHub.Bookmark && request.Query["allowWatchBookmarks"] == "true")
                {
                    await LineAsync(context, "BOOKMARK", Bookmark(Store.Version));
                }
                else if (told != WatchHub.Bookmark)
                {
                    await context.Response.WriteAsync(told + "\n");
                    await context.Response.Body.FlushAsync();
                }
            }
        }
    }

    private static JsonObject Bookmark(long version) => new()
    {
        ["kind"] = "InferenceService",
        ["apiVersion"] = "serving.kserve.io/v1beta1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null },
        ["spec"] = null,
    };

    private static async Task LineAsync(HttpContext context, string type, JsonObject @object)
    {
        string line = new JsonObject { ["type"] = type, ["object"] = @object.DeepClone() }.ToJsonString() + "\n";
        await context.Response.WriteAsync(line);
        await context.Response.Body.FlushAsync();
    }

    private static Task WriteAsync(HttpContext context, int code, JsonObject body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), Encoding.UTF8);
    }

    private static JsonObject Parse(string body) => JsonNode.Parse(body)!.AsObject();

    private static ReceivedRequest Describe(HttpRequest request, string body, string[] parts)
    {
        Dictionary<string, string> query = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        int start = parts[0] == "apis" ? 3 : 2;
        bool collection = parts.Length <= start + 3;
        string verb = request.Method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ when query.ContainsKey("watch") => "watch",
            _ => collection ? "list" : "get",
        };
        return new ReceivedRequest(verb, request.Method, request.Path, query, request.ContentType, request.Headers.Authorization, body);
    }
}
