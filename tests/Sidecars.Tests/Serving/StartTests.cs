using System.Net.Sockets;
using System.Text;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

public sealed class StartTests
{
    [Fact]
    public async Task Run_TwoModelsOfOneName_EndsWithOneAndNoException()
    {
        int code = await SidecarApplication.RunAsync(
            ["--http_port=0", "--grpc_port=0"], static sidecar => sidecar.AddModel<Constant>("same").AddModel<Constant>("same"));

        code.Should().Be(1);
    }

    [Fact]
    public async Task Run_ModelThatCannotBeMade_EndsWithOneAndNoException()
    {
        int code = await SidecarApplication.RunAsync(
            ["--http_port=0", "--grpc_port=0"], static sidecar => sidecar.AddModel(static _ => throw new SidecarConfigurationException("no file")));

        code.Should().Be(1);
    }

    /// <summary>A caller of HTTP/1.0 need not name the host, so there is none to redirect to.</summary>
    [Theory]
    [InlineData("", "location: /v1/models\r\n")]
    [InlineData("Host: there:81\r\n", "location: http://there:81/v1/models\r\n")]
    public async Task Redirect_WithAndWithoutHost_LeadsToThePathWithoutTheSlash(string headers, string expected)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Constant>();
        using var client = new TcpClient("127.0.0.1", host.RestAddress.Port);
        NetworkStream stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/models/ HTTP/1.0\r\n{headers}\r\n"));
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync();

        answer.Should().Contain(" 307 ");
        answer.ToLowerInvariant().Should().Contain(expected);
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Load_ModelWhoseStopLeavesItReady_IsLoadedAnew()
    {
        var model = new Counting();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(b => b.Sidecar.AddModel(_ => model, "a", "b"));

        await PostAsync(host, "/v2/repository/models/a/unload");
        await PostAsync(host, "/v2/repository/models/a/load");
        model.Told.Should().Equal("load");
        await PostAsync(host, "/v2/repository/models/a/unload");
        await PostAsync(host, "/v2/repository/models/b/unload");
        await PostAsync(host, "/v2/repository/models/b/load");

        model.Told.Should().Equal("load", "stop", "load");
    }

    private static async Task PostAsync(SidecarTestHost host, string path)
    {
        using HttpResponseMessage answer = await host.Http.PostAsync(path, null);
        answer.IsSuccessStatusCode.Should().BeTrue(path);
    }

    private sealed class Counting : Model
    {
        public List<string> Told { get; } = [];

        protected internal override ValueTask LoadAsync(CancellationToken cancellation)
        {
            Told.Add("load");
            Ready = true;
            return ValueTask.CompletedTask;
        }

        protected internal override ValueTask StopAsync(CancellationToken cancellation)
        {
            Told.Add("stop");
            return ValueTask.CompletedTask;
        }
    }
}
