using Sidecars.Options;
using static Sidecars.Tests.Options.OptionsFixture;

namespace Sidecars.Tests.Options;

public class CommandLineTests
{
    [Theory]
    [InlineData("--http_port 9000")]
    [InlineData("--http_port=9000")]
    [InlineData("--http_port 7 --http_port 9000")]
    [InlineData("--http_port=7 --foo bar stray --http_port 9000")]
    [InlineData("stray --http_port 9000 -h -x 5")]
    [InlineData("--http 9000")]
    [InlineData("--http=9000")]
    [InlineData("--http_port +9_000")]
    [InlineData("--http_port 9000 -- --http_port 1")]
    public void Parse_FormsOfOneFlag_GiveItsLastValue(string arguments) =>
        Accepted(arguments).HttpPort.Should().Be(9000);

    [Fact]
    public void Parse_ArgumentsOfTheController_AreTaken()
    {
        SidecarOptions options = Accepted(
            "--model_name iris --predictor_host iris-predictor.ns --http_port 8080 --workers 3 --http_port 8080");

        options.ModelName.Should().Be("iris");
        options.PredictorHost.Should().Be("iris-predictor.ns");
        options.HttpPort.Should().Be(8080);
    }

    [Fact]
    public void Parse_ArtStyleArguments_AreTaken()
    {
        SidecarOptions options = Accepted(
            "--model_name m --http_port 8080 --predictor_host h --storage_uri /mnt/models --adversary_type SquareAttack "
            + "--eps 0.3 --nb_classes 10 --model_name m --http_port 8080 SquareAttack");

        options.ModelName.Should().Be("m");
        options.PredictorHost.Should().Be("h");
    }

    [Theory]
    [InlineData("--model zz")]
    [InlineData("--mod=zz")]
    public void Parse_BeginningUniqueAmongKServesFlags_IsNotMadeAmbiguousByOurs(string arguments)
    {
        SidecarOptions options = Accepted(arguments);
        options.ModelName.Should().Be("zz");
        options.ModelDir.Should().Be("/mnt/models");
    }

    [Fact]
    public void Parse_BeginningOfKServesAndOurs_NamesOnlyKServes() =>
        Errors(Read("--m zz")).Should().Equal(
            "ambiguous option: --m could match --max_threads, --max_asyncio_workers, --model_name");

    [Fact]
    public void Parse_BeginningOfOneOfOurs_StandsForIt() =>
        Accepted("--grace 5 --model_d /data").GracePeriod.Should().Be(TimeSpan.FromSeconds(5));

    [Fact]
    public void Parse_ExactNameThatBeginsAnother_IsItself()
    {
        SidecarOptions options = Accepted("--protocol v2");

        options.PredictorProtocol.Should().Be(PredictorProtocol.V2);
    }

    [Theory]
    [InlineData("--predictor h")]
    [InlineData("--predictor=h")]
    [InlineData("--predictor")]
    public void Parse_AmbiguousBeginning_EndsWith2(string arguments) =>
        Errors(Read(arguments)).Should().Equal(
            "ambiguous option: --predictor could match --predictor_host, --predictor_protocol, --predictor_use_ssl, "
            + "--predictor_request_timeout_seconds, --predictor_request_retries");

    [Theory]
    [InlineData("--timeout_keep_alive 5")]
    [InlineData("--http-port 9000")]
    [InlineData("-http_port 9000")]
    [InlineData("---http_port 9000")]
    public void Parse_DashesForUnderscores_IsAnUnknownFlag(string arguments)
    {
        SidecarOptions options = Accepted(arguments);

        options.KeepAliveTimeout.Should().Be(TimeSpan.FromSeconds(65));
        options.HttpPort.Should().Be(8080);
    }

    [Theory]
    [InlineData("--http_port")]
    [InlineData("--http_port --grpc_port 1")]
    [InlineData("--http_port -x")]
    [InlineData("--http_port -- 9000")]
    public void Parse_FlagWithoutItsValue_EndsWith2(string arguments) =>
        Errors(Read(arguments)).Should().Equal("argument --http_port: expected one argument");

    [Theory]
    [InlineData("y", true)]
    [InlineData("YES", true)]
    [InlineData("t", true)]
    [InlineData("True", true)]
    [InlineData("on", true)]
    [InlineData("1", true)]
    [InlineData("n", false)]
    [InlineData("no", false)]
    [InlineData("F", false)]
    [InlineData("false", false)]
    [InlineData("Off", false)]
    [InlineData("0", false)]
    public void Parse_WordForABool_IsRead(string word, bool expected)
    {
        Accepted("--enable_grpc " + word).EnableGrpc.Should().Be(expected);
        Accepted("--enable_docs_url=" + word).EnableDocsUrl.Should().Be(expected);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("--enable_predictor_health_check", true)]
    [InlineData("--enable_predictor_health_check false", true)]
    [InlineData("--enable_predictor_health_check=false", false)]
    [InlineData("--enable_predictor_health_check=on", true)]
    [InlineData("--enable_p", true)]
    public void Parse_Switch_IsTrueByBeingThere(string arguments, bool expected) =>
        Accepted(arguments).EnablePredictorHealthCheck.Should().Be(expected);

    [Theory]
    [InlineData("--http_port x", "argument --http_port: invalid int value: 'x'")]
    [InlineData("--http_port=", "argument --http_port: invalid int value: ''")]
    [InlineData("--http_port 1.5", "argument --http_port: invalid int value: '1.5'")]
    [InlineData("--http_port -1", "argument --http_port: value out of range: '-1' (allowed: a whole number from 0 to 65535)")]
    [InlineData("--http_port 99999999999999999999999", "argument --http_port: value out of range: '99999999999999999999999' (allowed: a whole number from 0 to 65535)")]
    [InlineData("--http_port x --http_port 8080", "argument --http_port: invalid int value: 'x'")]
    [InlineData("--workers many", "argument --workers: invalid int value: 'many'")]
    [InlineData("--event-loop tokio", "argument --event-loop: invalid choice: 'tokio' (choose from 'auto', 'asyncio', 'uvloop')")]
    [InlineData("--protocol V1", "argument --protocol: invalid choice: 'V1' (choose from 'v1', 'v2', 'grpc-v2')")]
    [InlineData("--enable_grpc maybe", "argument --enable_grpc: invalid bool value: 'maybe' (choose from y, yes, t, true, on, 1, n, no, f, false, off, 0)")]
    [InlineData("--timeout-keep-alive 0", "argument --timeout-keep-alive: value out of range: '0' (allowed: a whole number of seconds from 1 to 2147483)")]
    [InlineData("--request_timeout_seconds soon", "argument --request_timeout_seconds: invalid float value: 'soon'")]
    [InlineData("--request_timeout_seconds NaN", "argument --request_timeout_seconds: value out of range: 'NaN' (allowed: a number of seconds, more than 0 and at most 2147483)")]
    [InlineData("--predictor_host ftp://h", "argument --predictor_host: invalid value: 'ftp://h' (allowed: host, host:port or a URL)")]
    public void Parse_BadValue_EndsWith2InArgparsesWords(string arguments, string error) =>
        Errors(Read(arguments)).Should().Equal(error);

    [Fact]
    public void Parse_NegativeNumber_IsAValue() =>
        Accepted("--grpc_max_send_message_length -1").GrpcMaxSendMessageLength.Should().Be(-1);

    [Fact]
    public void Parse_ValueWithABlankThatBeginsWithADash_IsAValue() =>
        Read(["--model_name", "--two words"]).Options!.ModelName.Should().Be("--two words");

    [Fact]
    public void Parse_UnknownFlags_AreKeptForTheUsersOwnCode()
    {
        OptionsResult result = Read("--threshold 1 --threshold=0.9 --verbose --labels a,b --shift -5 --note= stray -x 1");

        result.UnknownFlags.Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["threshold"] = "0.9", ["verbose"] = "true", ["labels"] = "a,b", ["shift"] = "-5", ["note"] = "",
        });
    }

    [Fact]
    public void Parse_WordsOfNoFlag_AreKeptInTheirOrder()
    {
        OptionsResult result = Read("--http_port 1 AnchorTabular --threshold 0.9 --enable_predictor_health_check true -x --note=a last");

        result.Words.Should().Equal("AnchorTabular", "true", "-x", "last");
    }

    [Fact]
    public void Parse_ApplicationsOwnFlag_IsNotTakenForTheBeginningOfOurs()
    {
        CommandLine line = CommandLine.Parse(["--model", "a.onnx", "--model_name", "m", "--predictor_h", "h"], ["model"]);

        line.Unknown.Should().BeEquivalentTo(new Dictionary<string, string?> { ["model"] = "a.onnx" });
        line.Given.Select(static given => (given.Option.Name, given.Value)).Should().Equal(("model_name", "m"), ("predictor_host", "h"));
    }
}
