using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Sidecars.Serving;

/// <summary>Takes every REST request of ours to where it is answered.</summary>
internal sealed class RestDispatcher(InferenceEndpoint inference, InfoEndpoints info, SidecarOptions options)
{
    public Task HandleAsync(HttpContext http)
    {
        string method = http.Request.Method;
        string path = http.Request.Path.Value ?? "/";
        bool isPost = HttpMethods.IsPost(method);
        RestRoute route = RestRouter.Match(path, isPost, out string model);
        if (route == RestRoute.NotFound || IsHidden(http, route))
        {
            return path.Length > 1 && path.EndsWith('/') && RestRouter.Match(path.TrimEnd('/'), isPost, out _) != RestRoute.NotFound
                ? RedirectAsync(http)
                : NotFoundAsync(http);
        }

        // The version routes have both kinds below them, and all of them answer the same.
        bool wantsPost = RestRouter.IsPost(route) || (route == RestRoute.V2Version && path.EndsWith("/infer", StringComparison.Ordinal));
        if (wantsPost ? !isPost : !HttpMethods.IsGet(method))
        {
            http.Response.Headers.Allow = wantsPost ? "POST" : "GET";
            return JsonAnswer.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "{\"detail\":\"Method Not Allowed\"}"u8);
        }

        return route switch
        {
            RestRoute.V1Predict => inference.HandleAsync(http, model, InferenceProtocol.V1, InferenceVerb.Predict),
            RestRoute.V1Explain => inference.HandleAsync(http, model, InferenceProtocol.V1, InferenceVerb.Explain),
            RestRoute.V2Infer => inference.HandleAsync(http, model, InferenceProtocol.V2, InferenceVerb.Predict),
            _ => info.HandleAsync(http, route, model),
        };
    }

    public static Task NotFoundAsync(HttpContext http) =>
        JsonAnswer.WriteAsync(http, StatusCodes.Status404NotFound, "{\"detail\":\"Not Found\"}"u8);

    /// <summary>With a port of their own, the metrics are there and nowhere else, and nothing else is there.</summary>
    private bool IsHidden(HttpContext http, RestRoute route)
    {
        if (route == RestRoute.Docs && !options.EnableDocsUrl)
        {
            return true;
        }

        return options.MetricsPort is { } port && port != options.HttpPort
            && (http.Connection.LocalPort == port) != (route == RestRoute.Metrics);
    }

    private static Task RedirectAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        string path = request.Path.Value!.TrimEnd('/');
        http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        http.Response.Headers.Location = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, path, request.QueryString);
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
