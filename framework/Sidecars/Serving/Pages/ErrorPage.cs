using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// What a person sees at an address that has nothing to show, with the way to the start page. Programs get JSON there, and
/// so does everybody on the port of the metrics, which has no start page.
/// </summary>
internal static class ErrorPage
{
    private static readonly Lazy<Page> s_page = new(static () => new Page("error.html", ["base.css"], []));

    public static bool IsWanted(HttpContext http) => HttpMethods.IsGet(http.Request.Method)
        && AcceptedTypes.PrefersHtml(http.Request.Headers.Accept) && http.Features.Get<MetricsListener>() is null;

    /// <summary>Answers with the page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="title">What it is, without anything the request says.</param>
    /// <param name="text">What it means, likewise.</param>
    public static Task WriteAsync(HttpContext http, int status, string title, string text)
    {
        // The server may stand behind a prefix that it does not know.
        int depth = http.Request.Path.Value.AsSpan().Count('/') - 1;
        string home = depth <= 0 ? "./" : string.Concat(Enumerable.Repeat("../", depth));
        return s_page.Value.WriteAsync(
            http,
            string.Create(CultureInfo.InvariantCulture, $"<h1>{status} {title}</h1>\n<p>{text}</p>\n<p><a href=\"{home}\">What this server has</a></p>"),
            status);
    }
}
