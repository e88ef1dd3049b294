using Sidecars.Testing;

namespace Sidecars.Tests.Serving.Pages;

/// <summary>Addresses that have nothing for a GET, for browsers and for everybody else.</summary>
public sealed class ErrorPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData("/nothing", 404, "404 Not Found", "./")]
    [InlineData("/v1/models/a/%3Cb%3E", 404, "404 Not Found", "../../../")]
    [InlineData("/docs", 404, "404 Not Found", "./")]
    [InlineData("/v2/models/model/infer", 405, "405 Method Not Allowed", "../../../")]
    public async Task Get_OfABrowser_IsAPageWithTheWayBack(string path, int status, string title, string home)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>();

        using HttpResponseMessage answer = await AskAsync(host, HttpMethod.Get, path, Browser);
        string html = await answer.Content.ReadAsStringAsync();

        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        answer.Headers.Vary.Should().Equal("Accept");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'; ");
        html.Should().Contain($"<h1>{title}</h1>").And.Contain($"<a href=\"{home}\">").And.NotContain("<b>").And.NotContain("{ \"data\"");
        new Uri(new Uri(host.RestAddress, path), home).AbsolutePath.Should().Be("/");
    }

    [Theory]
    [InlineData("GET", "/nothing", "*/*", 404, "Not Found")]
    [InlineData("GET", "/nothing", "application/json, text/html", 404, "Not Found")]
    [InlineData("POST", "/nothing", Browser, 404, "Not Found")]
    [InlineData("PUT", "/v1/models/model:predict", Browser, 405, "Method Not Allowed")]
    [InlineData("GET", "/explain", "application/json", 405, "Method Not Allowed")]
    public async Task Anything_OfAProgram_StaysJson(string method, string path, string accept, int status, string detail)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>();

        using HttpResponseMessage answer = await AskAsync(host, new HttpMethod(method), path, accept);

        ((int)answer.StatusCode).Should().Be(status);
        (await answer.Content.ReadAsStringAsync()).Should().Be($$"""{"detail":"{{detail}}"}""");
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json");
    }

    private static async Task<HttpResponseMessage> AskAsync(SidecarTestHost host, HttpMethod method, string path, string accept)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Accept", accept } } };
        return await host.Http.SendAsync(request);
    }
}
