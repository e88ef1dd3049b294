using System.Globalization;

namespace Sidecars.Explainers.Scoring;

/// <summary>Labels as a model gives them out, and the index of the class that each names.</summary>
internal sealed class ClassLabels
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    private ClassLabels(IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            _indices.TryAdd(names[i], i);
        }
    }

    /// <returns>The labels; null without names.</returns>
    public static ClassLabels? Of(IReadOnlyList<string>? names) => names is null ? null : new ClassLabels(names);

    /// <returns>The labels; null where the names are no numbers, or just 0, 1, 2, …: such labels are indices already.</returns>
    public static ClassLabels? OfNumbers(IReadOnlyList<string>? names) =>
        names is not null
        && names.All(static n => long.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        && !names.Select(static (n, i) => n == Text(i)).All(static same => same)
            ? new ClassLabels(names)
            : null;

    /// <exception cref="InferenceException">No class has that label.</exception>
    public int IndexOf(string label) =>
        _indices.TryGetValue(label, out int index) ? index
        : throw InferenceException.InferenceError($"the model answered the label '{label}', which is none of its {_indices.Count} classes");

    /// <summary>Replaces labels that are whole numbers by the indices of their classes.</summary>
    public void Map(Span<double> labels)
    {
        foreach (ref double label in labels)
        {
            label = IndexOf(Text(label));
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
