using Sidecars.Testing;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>
/// A predictor of people of [age, job, city code]: whoever is older than 45 and no clerk (1) is class 0 nearly surely; the
/// city adds a little.
/// </summary>
internal static class RulePredictor
{
    /// <summary>The training data: every age from 20 to 69, with three jobs and two cities.</summary>
    public static string Csv { get; } = "age,job,city,income\n" + string.Concat(
        from age in Enumerable.Range(20, 50)
        from job in new[] { "baker", "clerk", "teacher" }
        from city in new[] { 0, 1 }
        select $"{age},{job},{city},{(age > 45 && job != "clerk" ? "high" : "low")}\n");

    /// <summary>Its answers.</summary>
    public static InferResponse Answer(ReceivedCall call)
    {
        Tensor rows = call.Request.Inputs[0];
        float[] values = rows.Datatype == Datatype.FP64 ? Array.ConvertAll(rows.ToArray<double>(), static v => (float)v) : rows.ToArray<float>();
        float[] scores = new float[values.Length / 3 * 2];
        for (int row = 0; row < values.Length / 3; row++)
        {
            float high = (values[row * 3] > 45 && values[(row * 3) + 1] != 1 ? 0.9f : 0.05f) + (0.04f * values[(row * 3) + 2]);
            (scores[row * 2], scores[(row * 2) + 1]) = (high, 1 - high);
        }

        return InferResponse.FromTensors(Tensor.Create("probabilities", scores, values.Length / 3, 2));
    }

    /// <summary>Fits an artefact without a model, for a predictor to score.</summary>
    public static async Task FitAsync(TempFolder folder)
    {
        ToolResult fit = await Tool.RunAsync(
            "fit", "--data", folder.Write("people.csv", Csv), "--label", "income", "--output", folder["artefact"], "--background", "8");
        fit.ExitCode.Should().Be(0, fit.Errors);
    }
}
