namespace Company.Namespace;

/// <summary>Reads customers as rows of features.</summary>
internal static class Customers
{
    /// <summary>Row after row, from one tensor per field or from one matrix [rows, features].</summary>
    /// <exception cref="InferenceException">They are no customers; the message says what is wrong.</exception>
    public static float[] Read(IReadOnlyList<Tensor> inputs)
    {
        int columns = ChurnFeatures.Names.Count;
        float[] rows = inputs switch
        {
            [{ Count: 0 }] => [],
            [{ Shape: [_, var width] } matrix] => width == columns
                ? matrix.ToArray<float>()
                : throw InferenceException.InvalidInput($"a customer has {width} values, expected {columns}: {string.Join(", ", ChurnFeatures.Names)}"),
            _ => Join([.. ChurnFeatures.Names.Select(name => Column(inputs, name))]),
        };
        int wrong = rows.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        return wrong < 0
            ? rows
            : throw InferenceException.InvalidInput($"customer {wrong / columns}: '{ChurnFeatures.Names[wrong % columns]}' is no finite number");
    }

    private static float[] Column(IReadOnlyList<Tensor> inputs, string name) =>
        inputs.FirstOrDefault(t => t.Name == name)?.ToArray<float>()
        ?? throw InferenceException.InvalidInput($"the field '{name}' is missing; a customer has: {string.Join(", ", ChurnFeatures.Names)}");

    private static float[] Join(float[][] columns)
    {
        int different = Array.FindIndex(columns, c => c.Length != columns[0].Length);
        if (different > 0)
        {
            throw InferenceException.InvalidInput(
                $"'{ChurnFeatures.Names[different]}' has {columns[different].Length} values, '{ChurnFeatures.Names[0]}' has {columns[0].Length}");
        }

        return [.. Enumerable.Range(0, columns[0].Length).SelectMany(row => columns.Select(column => column[row]))];
    }
}
