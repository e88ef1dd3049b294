using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Tests.Serving;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>Anchors as they are served: the form by Accept, and what the headers allow it.</summary>
public sealed class AnchorFormsTests
{
    private const string Row = """{"age":60,"work":"none"}""";

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html", "<!DOCTYPE html>", true)]
    [InlineData("image/svg+xml", "image/svg+xml", "<svg ", true)]
    [InlineData("text/plain", "text/plain", "model says yes\n", false)]
    public async Task Anchor_InAnotherForm_IsServedAsWhatItIs(string accept, string mediaType, string start, bool guarded)
    {
        (HttpResponseMessage answer, string text) = await AskAsync(accept);

        answer.Content.Headers.ContentType.Should().Be(new MediaTypeHeaderValue(mediaType, "utf-8"));
        answer.Headers.Vary.Should().Equal("Accept");
        text.Should().StartWith(start).And.Contain("model says yes").And.Contain("age");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.TryGetValues("Content-Security-Policy", out IEnumerable<string>? policy).Should().Be(guarded);
        if (guarded)
        {
            policy.Should().Equal("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'");
        }
    }

    [Fact]
    public async Task Page_OfASearch_HasTheNumbersOfItsJson()
    {
        (_, string json) = await AskAsync(null);
        (_, string page) = await AskAsync("text/html");

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement data = document.RootElement.At("data");
        data.At("status").GetString().Should().Be("met");
        double[] shown = [.. XElement.Parse(page["<!DOCTYPE html>".Length..]).Descendants("data").Select(static d => double.Parse(d.Attribute("value")!.Value, CultureInfo.InvariantCulture))];
        shown.Should().StartWith([data.At("precision").GetDouble(), .. data.At("precision_interval").Numbers(), data.At("coverage").GetDouble()]);
        page.Should().Contain("Threshold met");
    }

    private static async Task<(HttpResponseMessage Answer, string Text)> AskAsync(string? accept)
    {
        using ArtifactFolder folder = Served.People();
        await using var predictor = new ScriptedPredictor().Always(Served.Judge);
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor);
        using var request = new HttpRequestMessage(HttpMethod.Post, Served.Explain) { Content = Served.Rows([Row]) };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        HttpResponseMessage answer = await host.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(text);
        return (answer, text);
    }
}
