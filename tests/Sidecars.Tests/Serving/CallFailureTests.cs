using System.Net;
using System.Net.Sockets;
using Sidecars.Serving;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>What the log says of a call that failed.</summary>
public sealed class CallFailureTests
{
    private static readonly Exception s_thrown = new HttpRequestException("outer", new SocketException((int)SocketError.ConnectionRefused));

    [Theory]
    [InlineData(ErrorKind.PredictorUnreachable)]
    [InlineData(ErrorKind.PredictorBody)]
    [InlineData(ErrorKind.PredictorStatus)]
    [InlineData(ErrorKind.PredictorTimeout)]
    public void Told_OfThePredictor_IsTheReasonInALine(ErrorKind kind)
    {
        InferenceException error = new(kind, "The predictor is away.", s_thrown);

        CallFailure.Told(error, error, debug: false).Should().Be(("The predictor is away. Connection refused", (Exception?)null));
        CallFailure.Told(error, error, debug: true).Should().Be(("The predictor is away.", s_thrown));
    }

    [Fact]
    public void Told_OfAHook_IsAllThatWasThrown()
    {
        InferenceException error = new(ErrorKind.Internal, "Internal server error.", s_thrown);

        CallFailure.Told(error, s_thrown, debug: false).Should().Be(("Internal server error.", s_thrown));
    }

    [Fact]
    public void Told_OfThePredictorWithoutAReason_IsItsText() =>
        CallFailure.Told(new InferenceException(ErrorKind.PredictorStatus, "No."), s_thrown, debug: false).Should().Be(("No.", (Exception?)null));

    [Fact]
    public async Task Grpc_ToAPortOfRest_AsksWhetherItIsTheRightOne()
    {
        await using ScriptedPredictor rest = await new ScriptedPredictor(PredictorProtocol.V1).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(
            predictor: null, "--predictor_protocol", "grpc-v2", "--predictor_host", rest.RestAddress.Authority);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json("""{"instances":[[1.5]]}"""));

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await answer.ErrorAsync()).Should().Be(
            $"The predictor at {rest.RestAddress.Authority} did not answer in HTTP/2, which gRPC takes: is that its gRPC port?");
    }
}
