namespace Sidecars.Serving;

/// <summary>Reads the paths of the OpenAI routes.</summary>
internal static class OpenAiRouter
{
    /// <summary>Finds what a decoded path means.</summary>
    /// <param name="path">The path, percent-decoded but for %2F.</param>
    /// <param name="prefix">What stands in front: empty, or a path that begins with a slash and ends without.</param>
    /// <param name="model">The model's name in it.</param>
    public static OpenAiRoute Match(string path, string prefix, out string model)
    {
        const string models = "/v1/models/";
        model = "";
        if (!path.StartsWith(prefix, StringComparison.Ordinal))
        {
            return OpenAiRoute.NotFound;
        }

        string rest = path[prefix.Length..];
        switch (rest)
        {
            case "/v1/completions": return OpenAiRoute.Completions;
            case "/v1/chat/completions": return OpenAiRoute.ChatCompletions;
            case "/v1/embeddings": return OpenAiRoute.Embeddings;
            case "/v1/rerank": return OpenAiRoute.Rerank;
            case "/v1/models": return OpenAiRoute.Models;
        }

        if (!rest.StartsWith(models, StringComparison.Ordinal) || rest.Length == models.Length
            || rest.IndexOf('/', models.Length) >= 0 || rest.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return OpenAiRoute.NotFound;
        }

        model = rest[models.Length..];
        return OpenAiRoute.Model;
    }

    public static bool IsPost(OpenAiRoute route) => route is not (OpenAiRoute.Models or OpenAiRoute.Model);
}
