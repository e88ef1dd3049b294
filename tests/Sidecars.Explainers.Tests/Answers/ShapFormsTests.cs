using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Tests.Serving;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>The forms as a caller gets them, from one server and one row.</summary>
public sealed class ShapFormsTests : IAsyncLifetime
{
    private readonly ArtifactFolder _folder = Served.Kit10("gb", """{"type":"Shap"},{"type":"KernelShap"}""");
    private SidecarTestHost _host = null!;

    public async Task InitializeAsync() => _host = await Served.StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("text/html", "text/html", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", true)]
    [InlineData("image/svg+xml", "image/svg+xml", true)]
    [InlineData("text/plain", "text/plain", false)]
    public async Task Accept_OfEachForm_IsAnsweredInIt(string accept, string contentType, bool shown)
    {
        using HttpResponseMessage answer = await AskAsync(accept);

        answer.Content.Headers.ContentType!.MediaType.Should().Be(contentType);
        answer.Content.Headers.ContentType.CharSet.Should().Be("utf-8");
        answer.Headers.Vary.Should().Contain("Accept");
        answer.Headers.TryGetValues("Content-Security-Policy", out IEnumerable<string>? policy).Should().Be(shown);
        if (shown)
        {
            policy.Should().Equal(PageFrame.ContentSecurityPolicy);
            ShapCase.Xml(await answer.Content.ReadAsStringAsync()).Should().NotBeNull();
        }
    }

    [Fact]
    public async Task Page_OfTheServedRow_HasTheNumbersOfTheServedJson()
    {
        using HttpResponseMessage json = await AskAsync("application/json"), html = await AskAsync("text/html");
        using JsonDocument document = JsonDocument.Parse(await json.Content.ReadAsStringAsync());
        XElement page = ShapCase.Xml(await html.Content.ReadAsStringAsync());

        double[] shown = [.. page.Descendants("tbody").First().Descendants("data").Select(static d => double.Parse(d.Attribute("value")!.Value, CultureInfo.InvariantCulture))];

        shown.Should().BeEquivalentTo(document.RootElement.At("data.shap_values.0.0").Numbers());
        int label = document.RootElement.At("data.raw.prediction.0").GetInt32();
        page.Descendants("h1").Single().Value.Should().Be($"model says {(label == 0 ? "malignant" : "benign")}");
        page.Descendants("p").First(static p => p.Attribute("class")?.Value == "lead").Value.Should().StartWith("Its log-odds of benign is ");
    }

    [Fact]
    public async Task Text_OfKernelShap_TellsCoalitionsAndErrors()
    {
        using HttpResponseMessage answer = await AskAsync("text/plain", """{"explainer":"KernelShap","nsamples":200}""");

        (await answer.Content.ReadAsStringAsync()).Should().Contain("KernelShap, estimated, standard errors up to ").And.Contain(" coalitions a row").And.Contain("+-0.");
    }

    [Fact]
    public async Task Refusals_KeepTheProtocolsOwnForm()
    {
        using HttpRequestMessage request = Request("text/html", """{"nsamples":"many"}""");
        using HttpResponseMessage answer = await _host.Http.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(400);
        (await answer.Content.ReadAsStringAsync()).Should().StartWith("{\"error\":").And.Contain("nsamples");
    }

    private async Task<HttpResponseMessage> AskAsync(string accept, string? parameters = null)
    {
        using HttpRequestMessage request = Request(accept, parameters);
        HttpResponseMessage answer = await _host.Http.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private static HttpRequestMessage Request(string accept, string? parameters)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Served.Explain) { Content = Served.Rows(Served.Kit10Rows(3), parameters) };
        request.Headers.Accept.ParseAdd(accept);
        return request;
    }
}
