using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Tests;

/// <summary>
/// The explainer kit: data, models and reference values. Small ones are in this project, under Data; those over the
/// Adult data stay outside, in the folder that EXPLAINKIT names (default: shared/data/explainkit beside the repository).
/// </summary>
internal static class Kit
{
    /// <summary>The kit's folder; null where it is not there.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A file of the kit, from this project's own copy or from the kit.</summary>
    public static string File(string relative)
    {
        string own = Path.Combine(AppContext.BaseDirectory, "Data", relative);
        return System.IO.File.Exists(own) ? own
            : Folder is { } folder && System.IO.File.Exists(Path.Combine(folder, relative)) ? Path.Combine(folder, relative)
            : throw new FileNotFoundException($"{relative} is neither in this project nor in the kit.");
    }

    /// <summary>The rows of a CSV of the kit, without their last column, the label.</summary>
    public static TabularData Rows(string relative)
    {
        string[] lines = System.IO.File.ReadAllLines(File(relative));
        int features = lines[0].Split(',').Length - 1;
        float[] values = [.. lines.Skip(1).SelectMany(line =>
            line.Split(',').Take(features).Select(static v => float.Parse(v, CultureInfo.InvariantCulture)))];
        return new TabularData(values, features);
    }

    private static string? Find([CallerFilePath] string here = "")
    {
        string folder = Environment.GetEnvironmentVariable("EXPLAINKIT")
            ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../shared/data/explainkit");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
