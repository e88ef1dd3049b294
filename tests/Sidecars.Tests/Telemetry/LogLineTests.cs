using System.Buffers;
using System.Net;
using System.Text;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public class LogLineTests
{
    [Theory]
    [InlineData("r-1", "requestId: r-1, preprocess_ms: 0.1, explain_ms: 0, predict_ms: 12.0, postprocess_ms: 1e-06")]
    [InlineData(null, "requestId: N.A., preprocess_ms: 0.1, explain_ms: 0, predict_ms: 12.0, postprocess_ms: 1e-06")]
    [InlineData("", "requestId: N.A., preprocess_ms: 0.1, explain_ms: 0, predict_ms: 12.0, postprocess_ms: 1e-06")]
    public void Latency_PredictedRequest_IsKServesLine(string? requestId, string expected) =>
        Text(output => LatencyLine.Write(output, requestId, 0.1, null, 12, 0.000001)).Should().Be(expected);

    [Fact]
    public void Latency_LongFraction_IsRoundedToNineDecimals() =>
        Text(output => LatencyLine.Write(output, "r", 1.0 / 3, 2.0 / 3, 0, 0.0000000001)).Should().Be(
            "requestId: r, preprocess_ms: 0.333333333, explain_ms: 0.666666667, predict_ms: 0.0, postprocess_ms: 0.0");

    [Theory]
    [InlineData("10.0.0.7", "/v1/models/m:predict", "", 200, "uvicorn.access INFO:     10.0.0.7:5004 42 - \"POST /v1/models/m%3Apredict HTTP/1.1\" 200 OK")]
    [InlineData("::1", "/v1/models/é m", "?a=b:c", 404, "uvicorn.access INFO:     ::1:5004 42 - \"POST /v1/models/%C3%A9%20m?a=b:c HTTP/1.1\" 404 Not Found")]
    [InlineData(null, "/", "", 299, "uvicorn.access INFO:      42 - \"POST / HTTP/1.1\" 299")]
    public void Access_Request_IsUvicornsLine(string? client, string path, string query, int status, string expected) =>
        Text(output => AccessLine.Write(
            output, client is null ? null : IPAddress.Parse(client), 5004, 42, "POST", path, query, "HTTP/1.1", status))
            .Should().Be(expected);

    [Fact]
    public void Timestamp_Time_HasMilliseconds() =>
        Text(output => LogText.Timestamp(output, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 67, TimeSpan.Zero)))
            .Should().Be("2026-01-02 03:04:05.067");

    private static string Text(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> output = new();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
