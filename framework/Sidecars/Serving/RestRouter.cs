namespace Sidecars.Serving;

/// <summary>
/// Reads paths the way KServe's server does: case-sensitive, the model's name greedy up to the last <c>:predict</c>,
/// no encoded slashes. ASP.NET's routing leads here and decides nothing more.
/// </summary>
internal static class RestRouter
{
    private const string Predict = ":predict", Explain = ":explain";

    /// <summary>Finds what a decoded path and a method mean.</summary>
    /// <param name="path">The path, percent-decoded but for %2F.</param>
    /// <param name="isPost">Whether the method is POST, which decides where two routes have the same path.</param>
    /// <param name="model">The model's name in it.</param>
    public static RestRoute Match(string path, bool isPost, out string model)
    {
        model = "";
        switch (path)
        {
            case "/": return RestRoute.Alive;
            case "/metrics": return RestRoute.Metrics;
            case "/openapi.json": return RestRoute.OpenApi;
            case "/docs": return RestRoute.Docs;
            case "/explain": return RestRoute.OnlyExplain;
            case "/v1/models": return RestRoute.V1Models;
            case "/v2": return RestRoute.V2Server;
            case "/v2/health/live": return RestRoute.V2Live;
            case "/v2/health/ready": return RestRoute.V2Ready;
            case "/v2/models": return RestRoute.V2Models;
        }

        const string v1 = "/v1/models/", v2 = "/v2/models/", repository = "/v2/repository/models/";
        if (path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return RestRoute.NotFound;
        }

        if (path.StartsWith(v1, StringComparison.Ordinal))
        {
            return MatchV1(path[v1.Length..], isPost, out model);
        }

        if (path.StartsWith(v2, StringComparison.Ordinal))
        {
            return MatchV2(path[v2.Length..], out model);
        }

        return path.StartsWith(repository, StringComparison.Ordinal)
            ? MatchRepository(path[repository.Length..], out model)
            : RestRoute.NotFound;
    }

    public static bool IsPost(RestRoute route) => route
        is RestRoute.V1Predict or RestRoute.V1Explain or RestRoute.V2Infer or RestRoute.OnlyExplain
        or RestRoute.RepositoryLoad or RestRoute.RepositoryUnload;

    private static RestRoute MatchV1(string rest, bool isPost, out string model)
    {
        model = rest;
        if (rest.Length == 0 || rest.Contains('/', StringComparison.Ordinal))
        {
            return RestRoute.NotFound;
        }

        foreach ((string verb, RestRoute route) in s_verbs)
        {
            if (isPost && rest.Length > verb.Length && rest.EndsWith(verb, StringComparison.Ordinal))
            {
                model = rest[..^verb.Length];
                return route;
            }
        }

        return RestRoute.V1Model;
    }

    private static RestRoute MatchV2(string rest, out string model)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        model = slash < 0 ? rest : rest[..slash];
        if (model.Length == 0)
        {
            return RestRoute.NotFound;
        }

        if (slash < 0)
        {
            return RestRoute.V2Model;
        }

        string tail = rest[(slash + 1)..];
        return tail switch
        {
            "ready" => RestRoute.V2ModelReady,
            "infer" => RestRoute.V2Infer,
            _ => tail.Split('/') is ["versions", { Length: > 0 }] or ["versions", { Length: > 0 }, "ready" or "infer"]
                ? RestRoute.V2Version
                : RestRoute.NotFound,
        };
    }

    private static RestRoute MatchRepository(string rest, out string model)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        model = slash < 0 ? rest : rest[..slash];
        return model.Length == 0 || slash < 0 ? RestRoute.NotFound : rest[(slash + 1)..] switch
        {
            "load" => RestRoute.RepositoryLoad,
            "unload" => RestRoute.RepositoryUnload,
            _ => RestRoute.NotFound,
        };
    }

    private static readonly (string, RestRoute)[] s_verbs = [(Predict, RestRoute.V1Predict), (Explain, RestRoute.V1Explain)];
}
