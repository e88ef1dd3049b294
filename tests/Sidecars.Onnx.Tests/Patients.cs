using System.Globalization;

namespace Sidecars.Onnx.Tests;

/// <summary>The eight patients of samples/BreastCancer/data/patients.csv, and what the model must say of them.</summary>
internal static class Patients
{
    /// <summary>The sample's model directory, as the build copied it here.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Samples");

    public static string ModelPath { get; } = Path.Combine(Folder, "model.onnx");

    public static string[] Names { get; }

    /// <summary>Row after row, 30 each.</summary>
    public static float[] Values { get; }

    /// <summary>
    /// The probability that the tumour is malignant. Computed apart from ONNX Runtime and from this code: by a Python
    /// program in 64-bit floats, as 1 / (1 + exp(b + Σ w·(x − mean)/scale)), with mean, scale, w and b of the fitted
    /// scikit-learn pipeline (StandardScaler, LogisticRegression) that the file was exported from, and x the CSV's values
    /// as 32-bit floats.
    /// </summary>
    public static double[] Probabilities { get; } =
    [
        0.999049352407821, 0.6910708637025258, 0.07219072436461764, 0.7352306991414326,
        0.45071487615672845, 0.474231070939091, 0.32980865895607964, 0.7409964100231878,
    ];

    public static string[] Labels { get; } = [.. Probabilities.Select(p => p > 0.5 ? "malignant" : "benign")];

    public static string[] RiskTiers { get; } = ["HIGH", "MEDIUM", "LOW", "HIGH", "MEDIUM", "MEDIUM", "MEDIUM", "HIGH"];

    public static int Count => Probabilities.Length;

    static Patients()
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Samples", "patients.csv")).Select(l => l.Split(','))];
        Names = lines[0][..30];
        Values = [.. lines[1..].SelectMany(l => l[..30]).Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
    }
}
