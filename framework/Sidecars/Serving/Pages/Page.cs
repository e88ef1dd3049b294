using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sidecars.Serving;

/// <summary>
/// A page made of files in this assembly: one of HTML, in which style and script are put, so that it needs nothing from
/// elsewhere. Its policy names the one script that may run.
/// </summary>
internal sealed class Page
{
    private const string Style = "/* style */", Script = "/* script */", Data = "{ \"data\": null }";

    private readonly string _before, _after;
    private readonly string _policy;

    /// <summary>Reads the files.</summary>
    /// <param name="html">The frame.</param>
    /// <param name="styles">What stands in its style, one after another.</param>
    /// <param name="scripts">What stands in its script, one after another.</param>
    public Page(string html, string[] styles, string[] scripts)
    {
        string script = "\n" + string.Concat(scripts.Select(Read));
        string whole = Read(html).Replace(Style, string.Concat(styles.Select(Read)), StringComparison.Ordinal)
            .Replace(Script, script, StringComparison.Ordinal);
        int at = whole.IndexOf(Data, StringComparison.Ordinal);
        (_before, _after) = at < 0 ? (whole, "") : (whole[..at], whole[(at + Data.Length)..]);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        // Explanations are shown in frames, whose own style this policy has to allow as well.
        _policy = $"default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    /// <summary>Answers with the page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="data">What comes in the place for it: JSON without any character that HTML gives a meaning to, or HTML.</param>
    /// <param name="status">The status.</param>
    public Task WriteAsync(HttpContext http, string data = "", int status = StatusCodes.Status200OK)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return JsonAnswer.WriteAsync(http, status, Encoding.UTF8.GetBytes(_before + data + _after), "text/html; charset=utf-8");
    }

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Sidecars.Pages." + name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
