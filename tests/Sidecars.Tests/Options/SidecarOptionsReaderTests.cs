using Microsoft.Extensions.Logging;
using Sidecars.Options;
using static Sidecars.Tests.Options.OptionsFixture;

namespace Sidecars.Tests.Options;

public class SidecarOptionsReaderTests
{
    [Fact]
    public void Read_NothingGiven_GivesDefaults() =>
        Accepted("").Should().BeEquivalentTo(new SidecarOptions());

    [Fact]
    public void Read_SeveralSources_TakesFlagThenVariableThenKey()
    {
        (string, string) variable = ("SIDECAR_HTTP_PORT", "7001");
        (string, string) key = ("Sidecar:http_port", "7002");

        Accepted("--http_port 7000", variable, key).HttpPort.Should().Be(7000);
        Accepted("", variable, key).HttpPort.Should().Be(7001);
        Accepted("", key).HttpPort.Should().Be(7002);
    }

    [Fact]
    public void Read_EveryOption_IsTakenFromItsVariable()
    {
        SidecarOptions options = Accepted("",
            ("SIDECAR_HTTP_PORT", "1"), ("SIDECAR_GRPC_PORT", "2"), ("SIDECAR_ENABLE_GRPC", "false"),
            ("SIDECAR_ENABLE_DOCS_URL", "true"), ("SIDECAR_ENABLE_LATENCY_LOGGING", "no"),
            ("SIDECAR_ENABLE_ACCESS_LOG", "off"), ("SIDECAR_CONFIGURE_LOGGING", "0"), ("SIDECAR_LOG_LEVEL", "warning"),
            ("SIDECAR_TIMEOUT_KEEP_ALIVE", "3"), ("SIDECAR_MODEL_NAME", "m"), ("SIDECAR_MODEL_DIR", "/d"),
            ("SIDECAR_PREDICTOR_HOST", "h:1"), ("SIDECAR_PREDICTOR_PROTOCOL", "grpc-v2"),
            ("SIDECAR_PREDICTOR_USE_SSL", "1"), ("SIDECAR_PREDICTOR_REQUEST_TIMEOUT_SECONDS", "4"),
            ("SIDECAR_PREDICTOR_REQUEST_RETRIES", "5"), ("SIDECAR_ENABLE_PREDICTOR_HEALTH_CHECK", "true"),
            ("SIDECAR_PREDICTOR_MODEL_NAME", "p"), ("SIDECAR_PREDICTOR_CA_FILE", typeof(SidecarOptions).Assembly.Location),
            ("SIDECAR_FORWARD_HEADERS", "X-One, x-two,X-ONE"), ("SIDECAR_GRPC_MAX_SEND_MESSAGE_LENGTH", "6"),
            ("SIDECAR_GRPC_MAX_RECEIVE_MESSAGE_LENGTH", "7"), ("SIDECAR_MAX_REQUEST_BODY_SIZE", "8"),
            ("SIDECAR_MAX_CONCURRENT_REQUESTS", "9"), ("SIDECAR_MAX_QUEUED_REQUESTS", "10"),
            ("SIDECAR_REQUEST_TIMEOUT_SECONDS", "0.25"), ("SIDECAR_GRACE_PERIOD_SECONDS", "0"),
            ("SIDECAR_DRAIN_DELAY_SECONDS", "1.5"), ("SIDECAR_METRICS_PORT", "11"), ("SIDECAR_MAX_JSON_DEPTH", "12"),
            ("SIDECAR_OPENAI_ROUTE_PREFIX", "llm/"));

        options.Should().BeEquivalentTo(new SidecarOptions
        {
            HttpPort = 1,
            GrpcPort = 2,
            EnableGrpc = false,
            EnableDocsUrl = true,
            EnableLatencyLogging = false,
            EnableAccessLog = false,
            ConfigureLogging = false,
            LogLevel = LogLevel.Warning,
            KeepAliveTimeout = TimeSpan.FromSeconds(3),
            ModelName = "m",
            ModelDir = "/d",
            PredictorHost = "h:1",
            PredictorProtocol = PredictorProtocol.GrpcV2,
            PredictorUseSsl = true,
            PredictorRequestTimeout = TimeSpan.FromSeconds(4),
            PredictorRequestRetries = 5,
            EnablePredictorHealthCheck = true,
            PredictorModelName = "p",
            PredictorCaFile = typeof(SidecarOptions).Assembly.Location,
            ForwardHeaders = ["x-one", "x-two"],
            GrpcMaxSendMessageLength = 6,
            GrpcMaxReceiveMessageLength = 7,
            MaxRequestBodySize = 8,
            MaxConcurrentRequests = 9,
            MaxQueuedRequests = 10,
            RequestTimeout = TimeSpan.FromSeconds(0.25),
            GracePeriod = TimeSpan.Zero,
            DrainDelay = TimeSpan.FromSeconds(1.5),
            MetricsPort = 11,
            MaxJsonDepth = 12,
            OpenAiRoutePrefix = "/llm",
        });
        typeof(SidecarOptions).GetProperties().Should().HaveCount(31, "each property has to be in this test");
    }

    [Fact]
    public void Read_VariablesOfOthers_CountAfterOurs()
    {
        Accepted("", ("KSERVE_LOGLEVEL", "DEBUG"), ("Sidecar:log_level", "ERROR")).LogLevel.Should().Be(LogLevel.Debug);
        Accepted("", ("CURL_CA_BUNDLE", "/c"), ("REQUESTS_CA_BUNDLE", "/r")).PredictorCaFile.Should().Be("/r");
        Accepted("", ("CURL_CA_BUNDLE", "/c"), ("SIDECAR_PREDICTOR_CA_FILE", "/s")).PredictorCaFile.Should().Be("/s");
        Accepted("", ("KSERVE_OPENAI_ROUTE_PREFIX", "ai")).OpenAiRoutePrefix.Should().Be("/ai");
    }

    [Fact]
    public void Read_EmptyVariable_IsNotSet() =>
        Accepted("", ("SIDECAR_HTTP_PORT", ""), ("Sidecar:http_port", "9")).HttpPort.Should().Be(9);

    [Fact]
    public void Read_ListAsJsonArray_IsTaken() =>
        Accepted("", ("Sidecar:forward_headers:0", "x-a"), ("Sidecar:forward_headers:1", "X-B"))
            .ForwardHeaders.Should().Equal("x-a", "x-b");

    [Fact]
    public void Read_EmptyListAsFlag_ForwardsNothing() =>
        Accepted("--forward_headers=").ForwardHeaders.Should().BeEmpty();

    [Theory]
    [InlineData("--protocol grpc-v2", PredictorProtocol.GrpcV2)]
    [InlineData("--protocol grpc-v2 --predictor_protocol v1", PredictorProtocol.V1)]
    [InlineData("--predictor_protocol v2 --protocol v1", PredictorProtocol.V2)]
    public void Read_Protocol_IsTakenForAnAbsentPredictorProtocol(string arguments, PredictorProtocol expected) =>
        Accepted(arguments).PredictorProtocol.Should().Be(expected);

    [Fact]
    public void Read_ProtocolFlagAndPredictorProtocolVariable_TakesTheVariable() =>
        Accepted("--protocol v2", ("SIDECAR_PREDICTOR_PROTOCOL", "v1")).PredictorProtocol.Should().Be(PredictorProtocol.V1);

    [Fact]
    public void Read_FlagsWithoutEffect_AreReportedOnceEach()
    {
        OptionsResult result = Read("--workers 2 --workers 4 --event-loop uvloop", ("SIDECAR_MAX_THREADS", "8"));

        result.Notices.Should().Equal(
            "--workers 4: accepted, without effect: one process uses all cores",
            "--max_threads 8: accepted, without effect: the thread pool sizes itself",
            "--event-loop uvloop: accepted, without effect: there is no Python event loop");
    }

    [Fact]
    public void Read_KeyThatIsNoOption_IsReported() =>
        Read("", ("Sidecar:HttpPort", "1")).Notices.Should().Equal(
            "configuration key Sidecar:HttpPort is no option and has no effect; --help lists the names");

    [Theory]
    [InlineData("--http-port 9090", "--http-port", "--http_port")]
    [InlineData("--HTTP_PORT=9090", "--HTTP_PORT", "--http_port")]
    [InlineData("-http_port=9090", "-http_port=9090", "--http_port")]
    [InlineData("--predictorhost p", "--predictorhost", "--predictor_host")]
    [InlineData("--predictor_protocoll v2", "--predictor_protocoll", "--predictor_protocol")]
    public void Read_FlagThatIsNearlyOurs_IsPassedAndReported(string arguments, string flag, string meant)
    {
        OptionsResult result = Read(arguments);

        result.ExitCode.Should().BeNull();
        result.Notices.Should().Equal($"{flag} is no option of the server, and left to the application; did you mean {meant}?");
    }

    [Theory]
    [InlineData("--port 9090 --threshold 0.9 --seed 1 --device cpu --delta 0.1 predict -v")]
    [InlineData("--host a")]
    public void Read_FlagOfTheApplication_IsNotReported(string arguments) => Read(arguments).Notices.Should().BeEmpty();

    [Fact]
    public void Read_FlagThatTheApplicationNames_IsNotReported() =>
        SidecarOptionsReader.Read(["--model-name", "x"], Configuration(), program: "prog", applicationFlags: ["model-name"])
            .Notices.Should().BeEmpty();

    [Fact]
    public void Read_VariableThatIsNearlyOurs_IsReported() =>
        Read("", ("SIDECAR_HTTPPORT", "1"), ("SIDECAR_SERVICE_HOST", "10.0.0.1"), ("SIDECAR_PORT_80_TCP", "x")).Notices.Should().Equal(
            "environment variable SIDECAR_HTTPPORT is no option and has no effect; did you mean SIDECAR_HTTP_PORT?");

    [Fact]
    public void Read_HealthCheckWithoutAPredictor_IsReported() =>
        Read("--enable_predictor_health_check").Notices.Should().Equal(
            "--enable_predictor_health_check: without effect, there is no --predictor_host to ask");

    [Fact]
    public void Read_ErrorsInSeveralSources_AreReportedTogether() =>
        Errors(Read("--grpc_port x --predictor_request_retries 11",
            ("SIDECAR_HTTP_PORT", "70000"), ("Sidecar:max_json_depth", "deep"), ("KSERVE_LOGLEVEL", "loud")))
            .Should().Equal(
                "argument --grpc_port: invalid int value: 'x'",
                "argument --predictor_request_retries: value out of range: '11' (allowed: a whole number from 0 to 10)",
                "option http_port: environment variable SIDECAR_HTTP_PORT is '70000'; allowed: a whole number from 0 to 65535",
                "option log_level: environment variable KSERVE_LOGLEVEL is 'loud'; allowed: one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
                "option max_json_depth: configuration key Sidecar:max_json_depth is 'deep'; allowed: a whole number from 1 to 1000");

    [Fact]
    public void Read_BadVariableThatAFlagOverrides_IsNoError() =>
        Accepted("--http_port 1", ("SIDECAR_HTTP_PORT", "x")).HttpPort.Should().Be(1);

    [Theory]
    [InlineData("--grpc_port 8080", "options http_port and grpc_port: both are 8080; give them different ports, or --enable_grpc=false")]
    [InlineData("--metrics_port 8081", "options metrics_port and grpc_port: both are 8081; give them different ports, or leave out --metrics_port to serve metrics on the HTTP port")]
    [InlineData("--predictor_use_ssl true --predictor_ca_file /no/such.pem", "option predictor_ca_file: there is no file '/no/such.pem'; give a PEM file, or leave it out to trust the system's authorities")]
    public void Read_OptionsThatDoNotGoTogether_EndWith2(string arguments, string error) =>
        Errors(Read(arguments)).Should().Equal(error);

    [Theory]
    [InlineData("--http_port 0 --grpc_port 0")]
    [InlineData("--grpc_port 8080 --enable_grpc no")]
    [InlineData("--metrics_port 8080")]
    public void Read_PortsThatOnlySeemToClash_AreTaken(string arguments) => Accepted(arguments).Should().NotBeNull();

    [Fact]
    public void Read_CodeSetsOptions_WinsAndIsChecked()
    {
        OptionsResult good = SidecarOptionsReader.Read(
            ["--http_port", "8081"], Configuration(), options => options.HttpPort = 9, "prog");
        OptionsResult bad = SidecarOptionsReader.Read(
            [], Configuration(), options => (options.HttpPort, options.KeepAliveTimeout) = (-5, TimeSpan.Zero), "prog");

        good.Options!.HttpPort.Should().Be(9);
        Errors(bad).Should().Equal(
            "option http_port: '-5' is not allowed; allowed: a whole number from 0 to 65535",
            "option timeout-keep-alive: '0' is not allowed; allowed: a whole number of seconds from 1 to 2147483");
    }

    [Fact]
    public void Read_Help_PrintsEveryOptionAndEndsWith0()
    {
        OptionsResult result = Read("--http_port x --help");

        result.ExitCode.Should().Be(0);
        result.Options.Should().BeNull();
        result.Error.Should().BeEmpty();
        result.Output.Should().StartWith("usage: prog [--option value | --option=value]...");
        result.Output.Should().Contain("""
              --predictor_request_retries INT          How often a failed call to the predictor is tried again.
                                                       Default: 0. Allowed: a whole number from 0 to 10.
            """);
        result.Output.Should().ContainAll(OptionTable.All.Select(option => "\n  " + option.Flag));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--hel")]
    [InlineData("-- --help")]
    public void Read_NotExactlyHelp_GoesOn(string arguments) => Read(arguments).ExitCode.Should().BeNull();

    [Fact]
    public void Read_RelativePathInAppSettings_IsRelativeToTheContentRoot() =>
        Accepted("", ("contentRoot", "/app"), ("Sidecar:model_dir", "model")).ModelDir.Should().Be("/app/model");

    [Fact]
    public void Read_AbsolutePathInAppSettings_IsKept() =>
        Accepted("", ("contentRoot", "/app"), ("Sidecar:model_dir", "/data")).ModelDir.Should().Be("/data");

    [Fact]
    public void Read_RelativePathElsewhere_IsRelativeToTheCurrentFolder()
    {
        Accepted("--model_dir model", ("contentRoot", "/app")).ModelDir.Should().Be("model");
        Accepted("", ("contentRoot", "/app"), ("SIDECAR_MODEL_DIR", "model")).ModelDir.Should().Be("model");
    }
}
