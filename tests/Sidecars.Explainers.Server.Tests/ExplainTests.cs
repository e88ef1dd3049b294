using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Testing;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>Many rows at once, and runs that are ended and started again.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_OfACsv_GivesEveryRowWhatTheServerGives()
    {
        await TestData.FitAsync(_folder["artefact"]);

        ToolResult run = await ExplainAsync(TestData.TestRows, _folder["out.jsonl"], "--explainer", "AnchorTabular", "--parallel", "2");

        run.ExitCode.Should().Be(0, run.Errors);
        run.Errors.Should().Contain("171 of 171 rows, 100 %");
        string[] lines = await File.ReadAllLinesAsync(_folder["out.jsonl"]);
        lines.Select(Row).Should().Equal(Enumerable.Range(0, 171).Select(static i => (long)i), "lines are in the rows' order");
        await using ServerProcess server = await ServerProcess.StartAsync("--model_dir", _folder["artefact"]);
        foreach (int row in (int[])[0, 7, 170])
        {
            JsonElement answer = await server.ExplainAsync($$"""{"instances":[{{TestData.Row(row)}}]}""");
            Answers.Timeless(WithoutRow(lines[row])).Should().Be(Answers.Timeless(answer.GetRawText()));
        }
    }

    [Fact]
    public async Task Explain_OfJsonLinesOnStandardStreams_TakesArraysAndObjects()
    {
        await TestData.FitAsync(_folder["artefact"]);
        string[] names = (await File.ReadAllLinesAsync(TestData.TestRows))[0].Split(',')[..^1];
        double[] values = JsonDocument.Parse(TestData.Row(5)).RootElement.Numbers();
        string named = "{" + string.Join(',', names.Zip(values).Reverse().Select(static p => string.Create(CultureInfo.InvariantCulture, $"\"{p.First}\":{p.Second}"))) + "}";

        ToolResult run = await Tool.RunAsync(
            [], ["explain", "--model_dir", _folder["artefact"], "--input", "-", "--output", "-", "--explainer", "Shap", "--parameters", """{"model_output":"raw","seed":3}"""],
            input: TestData.Row(5) + "\n\n" + named + "\n");

        run.ExitCode.Should().Be(0, run.Errors);
        run.Lines.Should().HaveCount(2);
        Answers.Timeless(WithoutRow(run.Lines[1])).Should().Be(Answers.Timeless(WithoutRow(run.Lines[0])), "names do the same as places");
        JsonElement first = JsonDocument.Parse(run.Lines[0]).RootElement;
        first.Name().Should().Be("TreeShap");
        first.GetProperty("data").GetProperty("raw").GetProperty("raw_prediction")[0].ToString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Explain_OfRowsWithMistakes_WritesErrorsInTheirPlaces()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(RulePredictor.Answer).ServeAsync();
        await RulePredictor.FitAsync(_folder);
        string input = _folder.Write("rows.csv", "city,job,age,note\n0,clerk,30,a\n0,pirate,30,b\n1,2,50,c\n0,clerk,old,d\n1,clerk\n");

        ToolResult run = await ExplainAsync(input, _folder["out.jsonl"], "--predictor_host", predictor.RestAddress.Authority);

        run.ExitCode.Should().Be(3, run.Errors);
        run.Errors.Should().EndWith("3 rows have errors; their lines say which\n");
        string[] texts = await File.ReadAllLinesAsync(_folder["out.jsonl"]);
        texts[3].Should().Be("""{"row":3,"error":"line 5: 'age' is 'old'; expected a number"}""", "people read these lines");
        JsonElement[] lines = [.. texts.Select(static line => JsonDocument.Parse(line).RootElement)];
        lines.Select(static line => line.GetProperty("row").GetInt32()).Should().Equal(0, 1, 2, 3, 4);
        lines.Select(static line => line.TryGetProperty("error", out JsonElement error) ? error.GetString() : null).Should().Equal(
            null,
            "line 3: 'job' is 'pirate'; expected one of the categories 'baker', 'clerk', 'teacher', or a code of one",
            null,
            "line 5: 'age' is 'old'; expected a number",
            "line 6 has 2 cells, the header 4");
        lines[2].GetProperty("data").GetProperty("raw").GetProperty("instance").Numbers().Should().Equal(50, 2, 1);
    }

    [Fact]
    public async Task Explain_KilledInTheMiddle_GoesOnWhereItWas()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().ServeAsync();
        await RulePredictor.FitAsync(_folder);
        string[] flags = ["--predictor_host", predictor.RestAddress.Authority, "--explainer", "KernelShap", "--parallel", "2"];
        await ExplainPeopleAsync(_folder["whole.jsonl"], predictor.Always(RulePredictor.Answer), flags);
        int before = predictor.Calls.Count;

        // The predictor stops answering in the middle, and the process is killed while it waits.
        int calls = 0;
        var never = new TaskCompletionSource();
        predictor.Always(PredictorStep.Choose(_ => Interlocked.Increment(ref calls) <= before / 2
            ? PredictorStep.Answer(RulePredictor.Answer)
            : PredictorStep.Answer(RulePredictor.Answer).Until(never.Task)));
        using Process process = Tool.Start([], Arguments(_folder["people.csv"], _folder["out.jsonl"], flags));
        await predictor.WaitForCallsAsync(before + (before / 2) + 2);
        process.Kill();
        await process.WaitForExitAsync();
        never.SetResult();

        string[] done = await File.ReadAllLinesAsync(_folder["out.jsonl"]);
        done.Should().NotBeEmpty().And.HaveCountLessThan(300);
        await File.AppendAllTextAsync(_folder["out.jsonl"], """{"row":299,"meta":{"na""");
        int again = predictor.Calls.Count;
        ToolResult rest = await ExplainPeopleAsync(_folder["out.jsonl"], predictor.Always(RulePredictor.Answer), flags);

        rest.Errors.Should().Contain($"{done.Length} of 300 rows are done already");
        (predictor.Calls.Count - again).Should().BeLessThan(before, "what is done is not done again");
        string[] lines = await File.ReadAllLinesAsync(_folder["out.jsonl"]);
        lines.Take(done.Length).Should().Equal(done);
        lines.OrderBy(Row).Select(Answers.Timeless).Should().Equal(
            (await File.ReadAllLinesAsync(_folder["whole.jsonl"])).Select(Answers.Timeless));
    }

    [Fact]
    public async Task Explain_ToldToStop_FinishesItsRowsAndEndsWith143()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().ServeAsync();
        await RulePredictor.FitAsync(_folder);
        string[] flags = ["--predictor_host", predictor.RestAddress.Authority, "--explainer", "KernelShap", "--parallel", "1"];
        int calls = 0;
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        predictor.Always(PredictorStep.Choose(_ =>
        {
            if (Interlocked.Increment(ref calls) == 20)
            {
                reached.SetResult();
            }

            return calls < 20 ? PredictorStep.Answer(RulePredictor.Answer) : PredictorStep.Answer(RulePredictor.Answer).Until(release.Task);
        }));
        using Process process = Tool.Start([], Arguments(_folder["people.csv"], _folder["out.jsonl"], flags));
        await reached.Task;

        Signals.Send(process, Signals.Terminate);
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("stopping", StringComparison.Ordinal))
        {
        }

        release.SetResult();
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(143);
        string[] lines = await File.ReadAllLinesAsync(_folder["out.jsonl"]);
        lines.Select(Row).Should().Equal(Enumerable.Range(0, lines.Length).Select(static i => (long)i));
        lines.Should().HaveCountLessThan(300).And.OnlyContain(static line => !line.Contains("\"error\"", StringComparison.Ordinal));
        (await ExplainPeopleAsync(_folder["out.jsonl"], predictor.Always(RulePredictor.Answer), flags)).ExitCode.Should().Be(0);
        (await File.ReadAllLinesAsync(_folder["out.jsonl"])).Should().HaveCount(300);
    }

    [Fact]
    public async Task Explain_InShards_DoesEachRowOnce()
    {
        await TestData.FitAsync(_folder["artefact"]);
        string output = _folder["part-{shard}.jsonl"];

        // Two as pods of an Indexed Job, one by hand.
        foreach (string index in (string[])["0", "2"])
        {
            ToolResult pod = await Tool.RunAsync(
                [("JOB_COMPLETION_INDEX", index), ("JOB_COMPLETIONS", "3")], Arguments(TestData.TestRows, output, ["--explainer", "Shap"]));
            pod.ExitCode.Should().Be(0, pod.Errors);
        }

        (await ExplainAsync(TestData.TestRows, output, "--explainer", "Shap", "--shard", "1/3")).ExitCode.Should().Be(0);

        string[][] parts = [.. Enumerable.Range(0, 3).Select(i => File.ReadAllLines(_folder[$"part-{i}.jsonl"]))];
        parts.Select(static part => part.Length).Should().Equal(57, 57, 57);
        parts[2].Select(Row).Should().OnlyContain(static row => row % 3 == 2);
        parts.SelectMany(static part => part).Select(Row).Order().Should().Equal(Enumerable.Range(0, 171).Select(static i => (long)i));
    }

    [Fact]
    public async Task Explain_WithoutAPredictor_StopsAndCanGoOn()
    {
        await RulePredictor.FitAsync(_folder);

        ToolResult run = await ExplainPeopleAsync(_folder["out.jsonl"], null, ["--predictor_host", "127.0.0.1:1", "--parallel", "1"]);

        run.ExitCode.Should().Be(1);
        run.Errors.Should().Contain("127.0.0.1:1");
        File.ReadAllText(_folder["out.jsonl"]).Should().BeEmpty("a predictor that is away is no fault of the row");
    }

    [Theory]
    [InlineData("--shard 3/3", "--shard is '3/3'")]
    [InlineData("--explainer Shapley", "--explainer is 'Shapley'")]
    [InlineData("--parameters {", "--parameters")]
    [InlineData("--parameters {\"thresh\":1}", "has no option 'thresh'")]
    [InlineData("--rows 3", "--rows is no flag of explain; it has --input, --output")]
    [InlineData("--parallel 0", "--parallel is '0'")]
    public async Task Explain_WithAWrongCommandLine_EndsWith2(string flags, string error)
    {
        await TestData.FitAsync(_folder["artefact"]);

        ToolResult run = await ExplainAsync(TestData.TestRows, _folder["out.jsonl"], flags.Split(' '));

        run.ExitCode.Should().Be(2, run.Errors);
        run.Errors.Should().Contain(error);
    }

    [Fact]
    public async Task Explain_InAJobWhosePodsShareAFile_AsksForTheShardsName()
    {
        await TestData.FitAsync(_folder["artefact"]);

        ToolResult run = await Tool.RunAsync(
            [("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "2")], Arguments(TestData.TestRows, _folder["out.jsonl"], []));

        run.ExitCode.Should().Be(2);
        run.Errors.Should().Contain("{shard}");
    }

    private async Task<ToolResult> ExplainPeopleAsync(string output, ScriptedPredictor? _, string[] flags)
    {
        ToolResult run = await ExplainAsync(_folder["people.csv"], output, flags);
        return run;
    }

    private Task<ToolResult> ExplainAsync(string input, string output, params string[] flags) => Tool.RunAsync(Arguments(input, output, flags));

    private string[] Arguments(string input, string output, string[] flags) =>
        ["explain", "--model_dir", _folder["artefact"], "--input", input, "--output", output, .. flags];

    private static long Row(string line) => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt64();

    private static string WithoutRow(string line)
    {
        JsonObject json = JsonNode.Parse(line)!.AsObject();
        json.Remove("row");
        return json.ToJsonString();
    }
}
