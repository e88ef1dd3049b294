using Microsoft.AspNetCore.Http;

namespace Sidecars.Serving;

/// <summary>A page that lists the API's operations from <c>/openapi.json</c>; it needs nothing from elsewhere.</summary>
internal static class DocsPage
{
    private static readonly Lazy<Page> s_page = new(static () => new Page("docs.html", ["base.css", "docs.css"], ["text.js", "docs.js"]));

    public static Task WriteAsync(HttpContext http) => s_page.Value.WriteAsync(http);
}
