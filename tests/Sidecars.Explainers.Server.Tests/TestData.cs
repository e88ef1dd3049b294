namespace Sidecars.Explainers.Server.Tests;

/// <summary>Files beside the tests, and an artefact made of them.</summary>
internal static class TestData
{
    /// <summary>Ten measurements of tumours and what they were, of the Wisconsin data.</summary>
    public static string Train { get; } = File("breast_cancer10.train.csv");

    public static string TestRows { get; } = File("breast_cancer10.test.csv");

    public static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    /// <summary>One row of the test data as JSON, without its label.</summary>
    public static string Row(int row) => "[" + string.Join(',', System.IO.File.ReadLines(TestRows).ElementAt(row + 1).Split(',')[..^1]) + "]";

    /// <summary>Fits an artefact of the Wisconsin data into a folder.</summary>
    public static async Task FitAsync(string folder, params string[] more)
    {
        ToolResult fit = await Tool.RunAsync(
        [
            "fit", "--data", Train, "--label", "label", "--classes", "malignant,benign", "--output", folder,
            "--model", File("breast_cancer10_gb.onnx"), .. more,
        ]);
        fit.ExitCode.Should().Be(0, fit.Errors);
    }
}
