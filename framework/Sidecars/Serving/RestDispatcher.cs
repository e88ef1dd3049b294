using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Sidecars.Serving;

/// <summary>Takes every REST request of ours to where it is answered.</summary>
internal sealed class RestDispatcher(InferenceEndpoint inference, InfoEndpoints info, OpenAiRoutes openAi, SidecarOptions options)
{
    public Task HandleAsync(HttpContext http)
    {
        string method = http.Request.Method;
        string path = http.Request.Path.Value ?? "/";
        bool isPost = HttpMethods.IsPost(method);
        RestRoute route = RestRouter.Match(path, isPost, out string model);
        if (route == RestRoute.NotFound || IsHidden(http, route))
        {
            OpenAiRoute asked = route == RestRoute.NotFound && !IsHidden(http, route) ? openAi.Match(path, out model) : OpenAiRoute.NotFound;
            return asked != OpenAiRoute.NotFound ? HandleAsync(http, asked, model)
                : path.Length > 1 && path.EndsWith('/') && Exists(path.TrimEnd('/'), isPost) ? RedirectAsync(http)
                : NotFoundAsync(http);
        }

        // The version routes have both kinds below them, and all of them answer the same.
        bool wantsPost = RestRouter.IsPost(route) || (route == RestRoute.V2Version && path.EndsWith("/infer", StringComparison.Ordinal));
        return !Allows(method, wantsPost) ? NotAllowedAsync(http, wantsPost) : route switch
        {
            RestRoute.V1Predict => inference.HandleAsync(http, model, InferenceProtocol.V1, InferenceVerb.Predict),
            RestRoute.V1Explain => inference.HandleAsync(http, model, InferenceProtocol.V1, InferenceVerb.Explain),
            RestRoute.OnlyExplain => inference.HandleOnlyAsync(http),
            RestRoute.V2Infer => inference.HandleAsync(http, model, InferenceProtocol.V2, InferenceVerb.Predict),
            _ => info.HandleAsync(http, route, model),
        };
    }

    public static Task NotFoundAsync(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept";
        return ErrorPage.IsWanted(http)
            ? ErrorPage.WriteAsync(http, StatusCodes.Status404NotFound, "Not Found", "There is nothing at this address.")
            : JsonAnswer.WriteAsync(http, StatusCodes.Status404NotFound, "{\"detail\":\"Not Found\"}"u8);
    }

    private Task HandleAsync(HttpContext http, OpenAiRoute route, string model)
    {
        bool wantsPost = OpenAiRouter.IsPost(route);
        return Allows(http.Request.Method, wantsPost) ? openAi.HandleAsync(http, route, model) : NotAllowedAsync(http, wantsPost);
    }

    private bool Exists(string path, bool isPost) =>
        RestRouter.Match(path, isPost, out _) != RestRoute.NotFound || openAi.Match(path, out _) != OpenAiRoute.NotFound;

    private static bool Allows(string method, bool wantsPost) => wantsPost ? HttpMethods.IsPost(method) : HttpMethods.IsGet(method);

    private static Task NotAllowedAsync(HttpContext http, bool wantsPost)
    {
        http.Response.Headers.Allow = wantsPost ? "POST" : "GET";
        http.Response.Headers.Vary = "Accept";
        return ErrorPage.IsWanted(http)
            ? ErrorPage.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed", "This address takes requests by POST.")
            : JsonAnswer.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "{\"detail\":\"Method Not Allowed\"}"u8);
    }

    /// <summary>With a port of their own, the metrics are there and nowhere else, and nothing else is there.</summary>
    private bool IsHidden(HttpContext http, RestRoute route)
    {
        if (route == RestRoute.Docs && !options.EnableDocsUrl)
        {
            return true;
        }

        return options.MetricsPort is { } port && port != options.HttpPort
            && (http.Features.Get<MetricsListener>() is not null) != (route == RestRoute.Metrics);
    }

    private static Task RedirectAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        string path = request.Path.Value!.TrimEnd('/');
        http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        // A caller of HTTP/1.0 need not say whom it asks.
        http.Response.Headers.Location = request.Host.HasValue
            ? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, path, request.QueryString)
            : UriHelper.BuildRelative(request.PathBase, path, request.QueryString);
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
