using System.Text;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class PredictorScorerTests
{
    private static readonly TabularSchema s_schema = new([new("a"), new("b")], ["no", "yes"]);
    private static readonly TabularSchema s_regression = new([new("a"), new("b")]);

    // Five rows; probabilities of class 1 are a / (a + b).
    private static readonly float[] s_rows = [1, 3, 2, 2, 3, 1, 4, 1, 5, 5];
    private static readonly double[] s_probabilities = [0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.2, 0.8, 0.5, 0.5];

    public static TheoryData<PredictorProtocol, bool> Protocols => new()
    {
        { PredictorProtocol.V1, false }, { PredictorProtocol.V2, false }, { PredictorProtocol.V2, true }, { PredictorProtocol.GrpcV2, false },
    };

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Score_OverEveryProtocol_SendsPartsAndKeepsTheOrder(PredictorProtocol protocol, bool binary)
    {
        await using ScriptedPredictor predictor = new(protocol) { Metadata = Declares(new TensorMetadata("x", Datatype.FP32, -1, 2)) };
        predictor.Always(Probabilities);
        await using InferenceClient client = await ServeAsync(predictor, protocol);
        var scorer = new PredictorScorer(
            client, new PredictorCall("m"), s_schema, new PredictorScorerOptions { MaxRows = 2, Concurrency = 3, BinaryTensors = binary });

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(ScoreKind.Probability);
        scores.Outputs.Should().Be(2);
        scores.Values.ToArray().Should().Equal(s_probabilities, static (a, b) => Math.Abs(a - b) < 1e-7);
        predictor.Calls.Should().HaveCount(3);
        predictor.Calls.Should().OnlyContain(static c => c.Headers["Seldon-Skip-Logging"] == "true");
        predictor.Calls.Select(static c => c.Request.Inputs[0].Shape[0]).Should().BeEquivalentTo([2L, 2L, 1L]);
        predictor.Calls.Should().OnlyContain(c => c.Request.ContentType != null == (protocol != PredictorProtocol.GrpcV2));
        predictor.Calls.Should().OnlyContain(c => (c.Request.ContentType ?? "").Contains("octet-stream") == binary);
    }

    [Theory]
    [InlineData("""{"predictions":[1,0,1,1,0]}""", ScoreKind.Label, 1, new double[] { 1, 0, 1, 1, 0 })]
    [InlineData("""{"predictions":[[1],[0],[1],[1],[0]]}""", ScoreKind.Label, 1, new double[] { 1, 0, 1, 1, 0 })]
    [InlineData("""{"predictions":["yes","no","yes","yes","no"]}""", ScoreKind.Label, 1, new double[] { 1, 0, 1, 1, 0 })]
    [InlineData("""{"predictions":[0.1,0.2,0.3,0.4,0.5]}""", ScoreKind.Probability, 1, new double[] { 0.1, 0.2, 0.3, 0.4, 0.5 })]
    [InlineData("""{"predictions":[1.5,0.2,0.3,0.4,0.5]}""", ScoreKind.Margin, 1, new double[] { 1.5, 0.2, 0.3, 0.4, 0.5 })]
    [InlineData("""{"predictions":[[1,0],[0,1],[1,0],[1,0],[0,1]]}""", ScoreKind.Probability, 2, new double[] { 1, 0, 0, 1, 1, 0, 1, 0, 0, 1 })]
    [InlineData("""{"predictions":[[1,2],[0,1],[1,0],[1,0],[0,1]]}""", ScoreKind.Margin, 2, new double[] { 1, 2, 0, 1, 1, 0, 1, 0, 0, 1 })]
    public async Task Score_V1Answers_AreReadForWhatTheyAre(string answer, ScoreKind kind, int outputs, double[] values)
    {
        ScriptedPredictor predictor = new ScriptedPredictor().Always(PredictorStep.Raw(Encoding.UTF8.GetBytes(answer)));
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), s_schema);

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(kind);
        scores.Outputs.Should().Be(outputs);
        scores.Values.ToArray().Should().Equal(values);
    }

    [Theory]
    [InlineData(true, "[-2.5,3,0.5,0.2,1]", "[0.1,0.2,0.3,0.4,1]", ScoreKind.Margin)] // margins, of which some are small
    [InlineData(true, "[-2.5,3,0.5,0.2,1]", "[2,0,1,1,3]", ScoreKind.Margin)] // or whole
    [InlineData(true, "[0.1,0.2,0.3,0.4,1]", "[1,0,1,1,0]", ScoreKind.Probability)] // a model that is sure of five rows
    [InlineData(false, "[152.5,97.1,0,1,2]", "[150,97,0,1,2]", ScoreKind.Value)] // a regression's whole numbers
    public async Task Score_LaterAnswers_AreWhatTheEarlierOnesWere(bool classes, string first, string second, ScoreKind kind)
    {
        ScriptedPredictor predictor = new ScriptedPredictor()
            .Next(PredictorStep.Raw(Encoding.UTF8.GetBytes($$"""{"predictions":{{first}}}""")))
            .Always(PredictorStep.Raw(Encoding.UTF8.GetBytes($$"""{"predictions":{{second}}}""")));
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), classes ? s_schema : s_regression);

        (await scorer.ScoreAsync(s_rows)).Kind.Should().Be(kind);
        (await scorer.ScoreAsync(s_rows)).Kind.Should().Be(kind);
    }

    [Fact]
    public async Task Score_RegressionOverV2_GivesValuesOfAnyDatatype()
    {
        ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [152.0, 0.5, 0.25, 1, 0], 5, 1));
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), s_regression);

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(ScoreKind.Value);
        scores.Values.ToArray().Should().Equal(152, 0.5, 0.25, 1, 0);
    }

    [Fact]
    public async Task Score_SeveralOutputs_TakesFloatsOrTheNamedOne()
    {
        ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2).Always(
            Tensor.Create("label", [1L, 0, 1, 1, 0], 5), Tensor.Create("odd", [9f], 1), Tensor.Create("p", [0.9f, 0.1f, 0.8f, 0.7f, 0.2f], 5));

        Scores chosen = await new PredictorScorer(predictor, new PredictorCall("m"), s_schema).ScoreAsync(s_rows);
        Scores named = await new PredictorScorer(predictor, new PredictorCall("m"), s_schema, new PredictorScorerOptions { Output = "label" }).ScoreAsync(s_rows);

        chosen.Kind.Should().Be(ScoreKind.Probability);
        chosen.Values.ToArray()[0].Should().Be(0.9f);
        named.Kind.Should().Be(ScoreKind.Label);
        named.Values.ToArray().Should().Equal(1, 0, 1, 1, 0);
    }

    [Fact]
    public async Task Score_DeclaredDatatypes_AreSentAsDeclared()
    {
        ScriptedPredictor predictor = new(PredictorProtocol.V2) { Metadata = Declares(new TensorMetadata("b", Datatype.INT64, -1, 1), new TensorMetadata("a", Datatype.FP64, -1, 1)) };
        predictor.Always(Tensor.Create("p", [0.1f, 0.2f, 0.3f, 0.4f, 0.5f], 5));
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), s_schema);

        await scorer.ScoreAsync(s_rows);
        await scorer.ScoreAsync(s_rows);

        InferRequest request = predictor.Calls[0].Request;
        request.Input("a").ToArray<double>().Should().Equal(1, 2, 3, 4, 5);
        request.Input("b").Datatype.Should().Be(Datatype.INT64);
        request.Input("b").AsSpan<long>().ToArray().Should().Equal(3, 2, 1, 1, 5);
        predictor.Probes.Should().Equal("ModelMetadata m");
    }

    [Fact]
    public async Task Score_TextInputs_AreRefusedByName()
    {
        ScriptedPredictor predictor = new(PredictorProtocol.V2) { Metadata = Declares(new TensorMetadata("a", Datatype.BYTES, -1), new TensorMetadata("b", Datatype.FP32, -1)) };
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), s_schema);

        await scorer.Invoking(s => s.ScoreAsync(s_rows).AsTask()).Should().ThrowAsync<InferenceException>()
            .WithMessage("The predictor's model 'm' cannot be explained: input 'a' BYTES [-1]: only numbers can be explained.*");
    }

    [Theory]
    [InlineData("""{"predictions":[1,0,1]}""", "The predictor was asked for 5 rows and answered 'output-0' INT64 [3].")]
    [InlineData("""{"predictions":[]}""", "The predictor was asked for 5 rows and answered 'output-0' * [0].")]
    [InlineData("""{"predictions":["maybe","no","yes","yes","no"]}""", "The predictor's answer cannot be used: *the label 'maybe', which is none of its 2 classes")]
    [InlineData("""{"predictions":[[1,2],[1],[1],[1],[1]]}""", "The predictor's answer cannot be used: *")]
    public async Task Score_AnswersThatAreNoScores_AreTheirOwnKindOfError(string answer, string message)
    {
        ScriptedPredictor predictor = new ScriptedPredictor().Always(PredictorStep.Raw(Encoding.UTF8.GetBytes(answer)));
        var scorer = new PredictorScorer(predictor, new PredictorCall("m"), s_schema);

        (await scorer.Invoking(s => s.ScoreAsync(s_rows).AsTask()).Should().ThrowAsync<InferenceException>().WithMessage(message))
            .Which.Kind.Should().Be(ErrorKind.PredictorBody);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Score_FailureInTheMiddle_FailsWithThePredictorsStatusAndGivesUpTheRest(PredictorProtocol protocol, bool binary)
    {
        await using ScriptedPredictor predictor = new(protocol);
        var never = new TaskCompletionSource();
        predictor.Always(PredictorStep.Choose(call => call.Request.Inputs[0].ToArray<float>()[0] == 3
            ? PredictorStep.Status(503, "out of memory")
            : PredictorStep.Answer(Probabilities).Until(never.Task)));
        await using InferenceClient client = await ServeAsync(predictor, protocol);
        var scorer = new PredictorScorer(
            client, new PredictorCall("m"), s_schema, new PredictorScorerOptions { MaxRows = 1, Concurrency = 3, BinaryTensors = binary });

        // Three requests are under way; two of them would never end.
        InferenceException e = (await scorer.Invoking(s => s.ScoreAsync(s_rows).AsTask()).Should().ThrowAsync<InferenceException>()).Which;

        e.Kind.Should().Be(ErrorKind.PredictorStatus);
        (protocol == PredictorProtocol.GrpcV2 ? e.GrpcStatus : e.HttpStatus).Should().Be(protocol == PredictorProtocol.GrpcV2 ? 14 : 503);
        e.Message.Should().Contain("out of memory");
        predictor.Calls.Count.Should().BeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Score_Canceled_GivesUpTheRequests()
    {
        await using ScriptedPredictor predictor = new();
        predictor.Always(PredictorStep.Fault(PredictorFault.NoAnswer));
        await using InferenceClient client = await ServeAsync(predictor, PredictorProtocol.V1);
        var scorer = new PredictorScorer(client, new PredictorCall("m"), s_schema, new PredictorScorerOptions { MaxRows = 1, Concurrency = 2 });
        using var cancellation = new CancellationTokenSource();

        Task<Scores> scoring = scorer.ScoreAsync(s_rows, cancellation.Token).AsTask();
        await predictor.WaitForCallsAsync(2);
        await cancellation.CancelAsync();

        await scoring.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
        predictor.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task Score_WithinACall_CarriesItsHeadersAndDeadline()
    {
        ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2).Always(Probabilities);
        var context = new InferenceContext("m", predictor) { PredictorModelName = "inner", Deadline = DateTimeOffset.UtcNow.AddMinutes(5) };
        context.UpstreamHeaders["x-team"] = "risk";

        await new PredictorScorer(context, s_schema).ScoreAsync(s_rows);

        ReceivedCall call = predictor.Calls.Should().ContainSingle().Subject;
        call.ModelName.Should().Be("inner");
        call.Headers["x-team"].Should().Be("risk");
        call.Timeout.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Score_WithinACallThatIsGivenUp_IsGivenUp()
    {
        ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2).Always(PredictorStep.Fault(PredictorFault.NoAnswer));
        using var caller = new CancellationTokenSource();
        var scorer = new PredictorScorer(new InferenceContext("m", predictor) { Cancellation = caller.Token }, s_schema);

        Task<Scores> scoring = scorer.ScoreAsync(s_rows).AsTask();
        await predictor.WaitForCallsAsync(1);
        await caller.CancelAsync();

        await scoring.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void Start_OptionsOutOfRange_NamesThem() =>
        FluentActions.Invoking(static () => new PredictorScorer(new ScriptedPredictor(), new PredictorCall("m"), s_schema, new PredictorScorerOptions { Concurrency = 0 }))
            .Should().Throw<SidecarConfigurationException>().WithMessage("*Concurrency 0*");

    private static InferResponse Probabilities(ReceivedCall call)
    {
        float[] rows = call.Request.Inputs[0].ToArray<float>();
        double[] p = new double[rows.Length];
        for (int i = 0; i < rows.Length; i += 2)
        {
            (p[i], p[i + 1]) = (rows[i + 1] / (rows[i] + rows[i + 1]), rows[i] / (rows[i] + rows[i + 1]));
        }

        return InferResponse.FromTensors(Tensor.Create("p", p, p.Length / 2, 2));
    }

    private static ModelMetadata Declares(params TensorMetadata[] inputs) => new("m", "", inputs, []);

    private static async Task<InferenceClient> ServeAsync(ScriptedPredictor predictor, PredictorProtocol protocol)
    {
        await predictor.ServeAsync();
        Uri address = protocol == PredictorProtocol.GrpcV2 ? predictor.GrpcAddress : predictor.RestAddress;
        return new InferenceClient(new InferenceClientOptions { Host = address.ToString(), Protocol = protocol });
    }
}
