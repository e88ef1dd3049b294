using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sidecars.Browser.Tests;

/// <summary>An explanation in one of its forms, as an API's caller gets it.</summary>
/// <param name="Text">The body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Policy">Its content security policy; null where there is none.</param>
internal sealed record Explained(string Text, string? ContentType, string? Policy)
{
    private static readonly HttpClient s_http = new();

    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Text);
            return document.RootElement.Clone();
        }
    }

    public static async Task<Explained> GetAsync(PageCase of, Servers servers, string accept)
    {
        (Uri server, string model, string[] rows) = of.Of(servers);
        string body = $$$"""{"instances":[{{{string.Join(',', rows)}}}],"parameters":{"explainer":"{{{of.Explainer}}}","seed":11}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, $"/v1/models/{Uri.EscapeDataString(model)}:explain"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using HttpResponseMessage answer = await s_http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(text);
        return new Explained(
            text,
            answer.Content.Headers.ContentType?.ToString(),
            answer.Headers.TryGetValues("Content-Security-Policy", out IEnumerable<string>? policies) ? policies.Single() : null);
    }

    /// <summary>Puts it into a file, whose address is given.</summary>
    public Uri Save(string name)
    {
        string path = Path.Combine(Places.Screenshots, name);
        File.WriteAllText(path, Text);
        return new Uri(path);
    }
}
