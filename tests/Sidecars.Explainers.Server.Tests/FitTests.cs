using System.Text.Json;

namespace Sidecars.Explainers.Server.Tests;

public sealed class FitTests : IDisposable
{
    private const string People = """
        age,job,city code,income
        39,clerk,0,low
        50,"teacher, retired",2,high
        ,clerk,1,low
        61,baker,2,high

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fit_OfTextAndNumbers_FindsCategoriesInOrderAndClasses()
    {
        ToolResult fit = await Tool.RunAsync("fit", "--data", _folder.Write("people.csv", People), "--label", "income", "--output", _folder["out"]);

        fit.ExitCode.Should().Be(0, fit.Errors);
        JsonElement document = Document();
        document.GetProperty("features").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).Should().Be(
            """[{"name":"age"},{"name":"job","categories":["baker","clerk","teacher,retired"]},{"name":"citycode"}]""");
        Texts(document.GetProperty("classes")).Should().Equal("high", "low");
        document.TryGetProperty("model", out JsonElement model).Should().Be(model.ValueKind == JsonValueKind.Null);
        document.GetProperty("explainers").EnumerateArray().Select(static e => e.GetProperty("type").GetString()).Should().Equal("AnchorTabular", "Shap");
        ExplainerArtifact artifact = ExplainerArtifact.Load(_folder["out"]);
        artifact.Data!.Values.ToArray().Should().Equal(39, 1, 0, 50, 2, 2, float.NaN, 1, 1, 61, 0, 2);
        fit.Output.Should().Contain("--predictor_host HOST").And.Contain("""{"instances":[[39,"clerk",0]]}""");
    }

    [Theory]
    [InlineData("39,0.5,-2\n50,1.5,3\n", "(39,0.5,-2,…) and was taken for the names of the columns")]
    [InlineData("age,1,2\n39,0.5,-2\n", null)]
    [InlineData("0,1,2\n39,0.5,-2\n", null)]
    [InlineData("1,2,3\n39,0.5,-2\n", null)]
    public async Task Fit_FirstLineOfNumbers_IsToldOf(string csv, string? told)
    {
        ToolResult fit = await Tool.RunAsync("fit", "--data", _folder.Write("numbers.csv", csv), "--output", _folder["out"]);

        fit.ExitCode.Should().Be(0, fit.Errors);
        fit.Errors.Contains("warning: the first line", StringComparison.Ordinal).Should().Be(told is not null, fit.Errors);
        fit.Errors.Should().Contain(told ?? "3 columns");
    }

    [Fact]
    public async Task Fit_ToldOfCodes_TakesThemAsCategories()
    {
        ToolResult fit = await Tool.RunAsync(
            "fit", "--data", _folder.Write("people.csv", People), "--drop", "income,job", "--categorical", "city code", "--output", _folder["out"]);

        fit.ExitCode.Should().Be(0, fit.Errors);
        ExplainerArtifact artifact = ExplainerArtifact.Load(_folder["out"]);
        artifact.Schema.Features.Select(static f => f.Name).Should().Equal("age", "city code");
        artifact.Schema.Features[1].Categories.Should().Equal("0", "1", "2");
        artifact.Schema.Classes.Should().BeNull();
    }

    [Fact]
    public async Task Fit_WithNamesOfCodes_TakesThoseAndTheirOrder()
    {
        _folder.Write("names.json", """{"1":["clerk","baker","teacher, retired","pilot"],"city code":["A","B","C"]}""");

        ToolResult fit = await Tool.RunAsync(
            "fit", "--data", _folder.Write("people.csv", People), "--drop", "income", "--category_names", _folder["names.json"], "--output", _folder["out"]);

        fit.ExitCode.Should().Be(0, fit.Errors);
        ExplainerArtifact artifact = ExplainerArtifact.Load(_folder["out"]);
        artifact.Schema.Features[1].Categories.Should().Equal("clerk", "baker", "teacher, retired", "pilot");
        artifact.Data!.Values.ToArray().Should().Equal(39, 0, 0, 50, 2, 2, float.NaN, 0, 1, 61, 1, 2);
    }

    [Fact]
    public async Task Fit_WithModel_SaysHowOftenItAgrees()
    {
        ToolResult fit = await Tool.RunAsync(
            "fit", "--data", TestData.Train, "--label", "label", "--classes", "malignant,benign", "--output", _folder["out"],
            "--model", TestData.File("breast_cancer10_gb.onnx"), "--background", "20");

        fit.ExitCode.Should().Be(0, fit.Errors);
        fit.Errors.Should().Contain("a classifier of 2 classes; it gives 99.2 % of the rows their label").And.Contain("background: 20 rows (kmeans)");
        ExplainerArtifact artifact = ExplainerArtifact.Load(_folder["out"]);
        artifact.Data!.Rows.Should().Be(398);
        artifact.Background!.Rows.Rows.Should().Be(20);
        artifact.Background.Method.Should().Be("kmeans");
        artifact.Background.Weights.ToArray().Sum().Should().BeApproximately(1, 1e-12);
        File.ReadAllBytes(artifact.ModelPath!).Should().Equal(File.ReadAllBytes(TestData.File("breast_cancer10_gb.onnx")));
    }

    [Fact]
    public async Task Fit_OfARegression_OffersShapleyValuesOnly()
    {
        string[] arguments =
        [
            "fit", "--data", TestData.File("diabetes.csv"), "--label", "label", "--model", TestData.File("diabetes_gbr.onnx"), "--output", _folder["out"],
        ];

        ToolResult fit = await Tool.RunAsync(arguments);
        ToolResult anchors = await Tool.RunAsync([.. arguments, "--explainer", "AnchorTabular", "--force"]);

        fit.ExitCode.Should().Be(0, fit.Errors);
        ExplainerArtifact.Load(_folder["out"]).Document.Explainers.Select(static e => e.Type).Should().Equal("Shap");
        anchors.ExitCode.Should().Be(1);
        anchors.Errors.Should().Contain("error: --explainer names AnchorTabular, whose rules say when a class stays the same, and the model is a regression; take Shap");
    }

    [Fact]
    public async Task Fit_OverAnArtefact_NeedsForce()
    {
        await TestData.FitAsync(_folder["out"]);

        ToolResult again = await Tool.RunAsync("fit", "--data", TestData.Train, "--label", "label", "--output", _folder["out"]);
        ToolResult forced = await Tool.RunAsync("fit", "--data", TestData.Train, "--label", "label", "--output", _folder["out"], "--force");

        again.ExitCode.Should().Be(1);
        again.Errors.Should().Contain("explainer.json").And.Contain("would be written over; give another --output, or --force");
        forced.ExitCode.Should().Be(0, forced.Errors);
        ExplainerArtifact.Load(_folder["out"]).ModelPath.Should().BeNull("the new artefact has no model");
    }

    [Theory]
    [InlineData("age,age\n1,2\n", "has 2 columns 'age'")]
    [InlineData("age,\n1,2\n", "column 2 has no name")]
    [InlineData("age,job\n1\n", "line 2 has 1 cells, the header 2")]
    [InlineData("age\n", "has no rows below its header")]
    [InlineData("", "is empty; its first line must name the columns")]
    [InlineData("age,job\n1,a\n2,\n", "line 3: column 'job' is empty there")]
    [InlineData("age,job\n1,\"a\n2,b\n", "line 2")]
    public async Task Fit_OfATableThatIsNone_SaysWhere(string csv, string error)
    {
        ToolResult fit = await Tool.RunAsync("fit", "--data", _folder.Write("bad.csv", csv), "--output", _folder["out"]);

        fit.ExitCode.Should().Be(1);
        fit.Errors.Should().Contain("error: ").And.Contain(error);
        Directory.Exists(_folder["out"]).Should().BeFalse("nothing is begun that cannot be finished");
    }

    [Theory]
    [InlineData("--label what", "--label names 'what', which is no column of")]
    [InlineData("--categorical age", "line 4: column 'age' is empty there, and a column of categories cannot be")]
    [InlineData("--classes yes,no --label income", "column 'income' has 'high', which is none of --classes yes,no")]
    [InlineData("--label income --model {gb}", "the model takes 10 features, and the table has 3: 'age', 'job', 'city code'")]
    [InlineData("--model nowhere.onnx", "nowhere.onnx")]
    [InlineData("--background_file nowhere.csv", "nowhere.csv")]
    public async Task Fit_OfWhatDoesNotGoTogether_SaysWhatToChange(string flags, string error)
    {
        string[] more = flags.Replace("{gb}", TestData.File("breast_cancer10_gb.onnx"), StringComparison.Ordinal).Split(' ');

        ToolResult fit = await Tool.RunAsync(["fit", "--data", _folder.Write("people.csv", People), "--output", _folder["out"], .. more]);

        fit.ExitCode.Should().Be(1);
        fit.Errors.Should().Contain(error);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("10000")]
    public async Task Fit_ToldThatNumbersAreCodes_RefusesThoseThatAreNone(string cell)
    {
        ToolResult fit = await Tool.RunAsync(
            "fit", "--data", _folder.Write("bad.csv", $"a,b\n1,1\n2,{cell}\n"), "--categorical", "b", "--output", _folder["out"]);

        fit.ExitCode.Should().Be(1);
        fit.Errors.Should().Contain($"line 3: column 'b' is to be categorical and has {cell}; codes are whole numbers from 0 to 9999");
    }

    [Fact]
    public async Task Fit_OfNamesOrIdentifiers_AsksToLeaveThemOut()
    {
        string rows = string.Concat(Enumerable.Range(0, 200).Select(static i => $"{i},person {i}\n"));

        ToolResult fit = await Tool.RunAsync("fit", "--data", _folder.Write("bad.csv", "age,name\n" + rows), "--output", _folder["out"]);

        fit.ExitCode.Should().Be(1);
        fit.Errors.Should().Contain("200 different values in 200 rows: too many for categories; leave it out with --drop name");
    }

    [Fact]
    public async Task Fit_WithAWrongCommandLine_SaysEverythingAtOnce()
    {
        ToolResult fit = await Tool.RunAsync("fit", "--data", "a.csv", "--categories", "x", "stray", "--background", "0", "--explainer", "Shapley");

        fit.ExitCode.Should().Be(2);
        fit.Errors.Should().Contain("--output is missing").And.Contain("--categories is no flag of fit; it has --data, --output")
            .And.Contain("'stray' belongs to no flag").And.Contain("--background is '0'; allowed: a whole number from 1")
            .And.Contain("--explainer names 'Shapley'; known: AnchorTabular, Shap");
    }

    [Fact]
    public async Task Fit_AskedForHelp_ShowsItsFlags()
    {
        ToolResult help = await Tool.RunAsync("fit", "--help");

        help.ExitCode.Should().Be(0);
        help.Output.Should().StartWith("usage: sidecars-explainer fit").And.Contain("--categorical A,B|auto");
    }

    private JsonElement Document() => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["out"], "explainer.json"))).RootElement;

    private static string?[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static e => e.GetString())];
}
