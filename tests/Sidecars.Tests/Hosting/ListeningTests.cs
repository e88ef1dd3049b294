using System.Net.Sockets;
using Sidecars.Hosting;

namespace Sidecars.Tests.Hosting;

/// <summary>What is said of ports that cannot be had.</summary>
public sealed class ListeningTests
{
    private static readonly SidecarOptions s_options = new() { HttpPort = 80, GrpcPort = 8081, MetricsPort = 9 };

    [Theory]
    [InlineData("Failed to bind to address http://0.0.0.0:80: address already in use.",
        "Failed to bind to address http://0.0.0.0:80: address already in use. Take another port with --http_port, 0 for any that is free.")]
    [InlineData("Failed to bind to address http://[::]:8081: address already in use.",
        "Failed to bind to address http://[::]:8081: address already in use. Take another port with --grpc_port, 0 for any that is free, or serve no gRPC with --enable_grpc=false.")]
    [InlineData("Failed to bind to address http://0.0.0.0:9: address already in use.",
        "Failed to bind to address http://0.0.0.0:9: address already in use. Take another port with --metrics_port, 0 for any that is free.")]
    [InlineData("There is no space left.", "There is no space left.")]
    public void Explain_PortTaken_NamesItsFlag(string message, string explained) =>
        Listening.Explain(new IOException(message), s_options).Should().Be(explained);

    [Fact]
    public void Explain_PortNotAllowed_NamesThoseThatNeedRoot() =>
        Listening.Explain(new SocketException((int)SocketError.AccessDenied), s_options).Should().Be(
            "The system does not let this user open the ports of --http_port 80, --metrics_port 9: those under 1024 are mostly root's. "
            + "Take others; a Service in front can have any.");
}
