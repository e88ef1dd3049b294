using System.Text.Json.Nodes;
using Sidecars.Testing;

namespace Sidecars.Management.Tests.Tool;

/// <summary>The tool's call against a server of ours, on real sockets.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private SidecarTestHost _host = null!;

    public async Task InitializeAsync() => _host = await SidecarTestHost.StartAsync<SumModel>();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("v1", """{"instances":[[1,2,3],[4,5,6.5]]}""")]
    [InlineData("v1", "[[1,2,3],[4,5,6.5]]")]
    [InlineData("v1", """{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6.5]}]}""")]
    [InlineData("v2", """{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6.5]}]}""")]
    [InlineData("v2", """{"instances":[[1,2,3],[4,5,6.5]]}""")]
    [InlineData("grpc-v2", """{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6.5]}]}""")]
    [InlineData("grpc-v2", "[[1,2,3],[4,5,6.5]]")]
    public async Task Call_AnyProtocolAnyInput_ShowsTheSameRows(string protocol, string input)
    {
        ToolRun run = await ToolRun.WithInputAsync(input, "call", Address(protocol), "-m", "sum", "-p", protocol);

        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Out.Split('\n')[1..3].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Should().SatisfyRespectively(
            first => first.Should().Equal("0", "6.0"),
            second => second.Should().Equal("1", "15.5"));
    }

    [Fact]
    public async Task Call_TableOfTensors_HasTheirNamesAndRightAlignedNumbers()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3],[40,50,6.5]]", "call", Address("grpc-v2"), "-m", "sum", "-p", "grpc-v2");

        run.Out.Should().Be("row   sum\n  0   6.0\n  1  96.5\n");
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("grpc-v2")]
    public async Task Call_JsonOut_IsTheProtocolsDocument(string protocol)
    {
        ToolRun run = await ToolRun.WithInputAsync(
            """{"id":"7","inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""",
            "call", Address(protocol), "-m", "sum", "-p", protocol, "-o", "json");

        JsonNode answer = JsonNode.Parse(run.Out)!;
        answer["model_name"]!.GetValue<string>().Should().Be("sum");
        answer["id"]!.GetValue<string>().Should().Be("7");
        answer["outputs"]![0]!["data"]!.ToJsonString().Should().StartWith("[6");
    }

    [Fact]
    public async Task Call_FromAFile_SendsIt()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "[[1,1,1]]");
            ToolRun run = await ToolRun.OfAsync("call", Address("v1"), "-m", "sum", "-f", file, "-o", "json");

            JsonNode.Parse(run.Out)!["predictions"]!.ToJsonString().Should().Be("[3.0]");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Call_Explain_ShowsFieldsAndValues()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v1"), "-m", "sum", "--explain");

        run.Out.Should().Be("""
            field           value
            meta.name       Sum
            data.anchor     a > 1, b <= 2
            data.precision  0.97

            """);
    }

    [Fact]
    public async Task Call_ExplainAsText_ShowsTheServersOwnWords()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v1"), "-m", "sum", "--explain", "-o", "text");

        run.Out.ReplaceLineEndings("\n").Should().Be("sum says 6\nbecause a > 1\n");
    }

    [Fact]
    public async Task Call_PredictAsText_SaysThatItIsForExplanations()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v1"), "-m", "sum", "-o", "text");

        run.Code.Should().Be(1);
        run.Error.Should().Contain("--output text is for explanations: add --explain.");
    }

    [Fact]
    public async Task Call_ExplainOverV2_SaysThatItIsV1Only()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v2"), "-m", "sum", "--explain", "-p", "v2");

        run.Code.Should().Be(1);
        run.Error.Should().Contain("Unsupported protocol v2");
    }

    [Theory]
    [InlineData("[[1,2]]", "sum", "rows of three numbers")]
    [InlineData("[[1,2,3]]", "none", "Model with name none does not exist.")]
    [InlineData("[[1,2", "sum", "not JSON")]
    [InlineData("5", "sum", "an array of rows")]
    [InlineData(" ", "sum", "Standard input is empty")]
    public async Task Call_WhatCannotBe_ShowsTheServersReason(string input, string model, string reason)
    {
        ToolRun run = await ToolRun.WithInputAsync(input, "call", Address("v1"), "-m", model);

        run.Code.Should().Be(1);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain(reason);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("2147483647")]
    public async Task Call_TimeThatCannotBeWaitedFor_IsRefused(string timeout)
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v1"), "-m", "sum", "--timeout", timeout);

        run.Code.Should().Be(1);
        run.Error.Should().Be($"--timeout is 1 to 1000000 seconds, not {timeout}.\n");
    }

    [Theory]
    [InlineData("[\"2\"]")]
    [InlineData("[1.5]")]
    [InlineData("[99999999999]")]
    [InlineData("[0]")]
    public async Task Call_AnswerOfAnOddShape_IsShownAsItIs(string shape)
    {
        await using BreakingProxy proxy = await BreakingProxy.StartAsync(_host.RestAddress, (_, good) => good with
        {
            Body = $$"""{"model_name":"sum","outputs":[{"name":"sum","datatype":"FP64","shape":{{shape}},"data":[6.0]}]}""",
        });

        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", proxy.Address.ToString(), "-m", "sum", "-p", "v2");

        (run.Out + run.Error).Should().NotBeEmpty().And.NotContain("   at ");
        run.Code.Should().BeOneOf(0, 1);
    }

    [Fact]
    public async Task Call_HeaderWithoutAColon_IsRefused()
    {
        ToolRun run = await ToolRun.WithInputAsync("[[1,2,3]]", "call", Address("v1"), "-m", "sum", "-H", "nonsense");

        run.Code.Should().Be(1);
        run.Error.Should().Be("A header is 'name: value', not 'nonsense'.\n");
    }

    private string Address(string protocol) => (protocol == "grpc-v2" ? _host.GrpcAddress : _host.RestAddress).Authority;
}
