using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public class ExpositionTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/json", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("APPLICATION/OpenMetrics-Text;VERSION=\"1.0.0\"", true)]
    [InlineData("application/openmetrics-text;version=2.0.0", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;q=none", false)]
    [InlineData("application/openmetrics-text;q=0.4,text/plain;q=0.5", false)]
    [InlineData("text/plain;q=0.5, application/openmetrics-text;q=0.5", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true)]
    [InlineData(" ,,application/openmetrics-text,", true)]
    [InlineData(",;,application/openmetrics-text,", false)]
    public void Negotiate_AcceptHeader_ChoosesTheFormat(string? accept, bool openMetrics) =>
        Exposition.Negotiate(accept).Should().Be(
            openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText);

    [Fact]
    public void ContentType_Format_IsPrometheussOwn()
    {
        Exposition.ContentType(ExpositionFormat.PrometheusText).Should().Be("text/plain; version=0.0.4; charset=utf-8");
        Exposition.ContentType(ExpositionFormat.OpenMetrics)
            .Should().Be("application/openmetrics-text; version=1.0.0; charset=utf-8");
    }
}
