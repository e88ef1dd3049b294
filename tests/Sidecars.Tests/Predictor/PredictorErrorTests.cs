using System.Net;
using System.Text;
using Sidecars.Predictor;
using Sidecars.Testing;

namespace Sidecars.Tests.Predictor;

public sealed class PredictorErrorTests
{
    public static TheoryData<string> NoText => new() { "{\"error\":\"\\ud800\"}", "{\"error\":\"caf\u00E9\"}", "{\"error\":[\"caf\u00E9\"]}", "{\"detail\":\"caf\u00E9\"}" };

    /// <summary>Half a character, or Latin-1 that calls itself JSON: the status is the predictor's all the same.</summary>
    [Theory]
    [MemberData(nameof(NoText))]
    public void Status_TextThatIsNone_KeepsTheStatus(string json)
    {
        byte[] body = Encoding.Latin1.GetBytes(json);
        using var answer = new HttpResponseMessage(HttpStatusCode.UnprocessableEntity) { Content = new ByteArrayContent(body) };
        answer.Content.Headers.ContentType = new("application/json");

        InferenceException e = PredictorErrors.Status(answer, body);

        e.HttpStatus.Should().Be(422);
        e.Kind.Should().Be(ErrorKind.PredictorStatus);
        e.Message.Should().Be("The predictor answered 422 Unprocessable Entity.");
    }

    [Fact]
    public void Metadata_TextThatIsNone_IsNotTold() =>
        V2Metadata.Read(Encoding.Latin1.GetBytes("""{"name":"m","inputs":[{"name":"\ud800","datatype":"FP32","shape":[1]}]}""")).Should().BeNull();

    [Theory]
    [InlineData("AQID", "AQID")]
    [InlineData("AQI", "AQI=")]
    [InlineData("AQI=", "AQI=")]
    [InlineData("not base64!", null)]
    public async Task Grpc_HeaderOfBytes_GoesOnAsBytes(string sent, string? received)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using var client = new InferenceClient(new InferenceClientOptions
        {
            Host = predictor.GrpcAddress.Authority, Protocol = PredictorProtocol.GrpcV2,
        });

        using InferResponse answer = await client.InferAsync(
            InferRequest.FromRows([1f], 1), new PredictorCall("m") { Headers = [new("grpc-trace-bin", sent), new("x-request-id", "7")] });

        ReceivedCall call = predictor.Calls.Single();
        call.Headers["x-request-id"].Should().Be("7");
        call.Headers.GetValueOrDefault("grpc-trace-bin")?.TrimEnd('=').Should().Be(received?.TrimEnd('='));
    }
}
