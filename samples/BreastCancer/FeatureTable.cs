using System.Text.Json.Nodes;
using Sidecars;

namespace BreastCancer;

/// <summary>Puts measurements, however they came, into rows in the model's order, and refuses what cannot be one.</summary>
internal sealed class FeatureTable(Measurement[] measurements)
{
    public int Columns => measurements.Length;

    /// <summary>A patient with values by name.</summary>
    public JsonObject Example() =>
        new(measurements.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)JsonValue.Create(m.Example))));

    /// <summary>Rows of patients with values by name.</summary>
    public float[] FromPatients(IReadOnlyList<Dictionary<string, double?>> patients)
    {
        float[] rows = new float[patients.Count * Columns];
        for (int row = 0; row < patients.Count; row++)
        {
            Dictionary<string, double?> patient = patients[row];
            for (int column = 0; column < Columns; column++)
            {
                Measurement measurement = measurements[column];
                double value = patient.GetValueOrDefault(measurement.Name)
                    ?? throw InferenceException.InvalidInput($"patient {row}: {measurement}, is missing");
                rows[row * Columns + column] = Checked(row, measurement, (float)value);
            }

            if (patient.Count > Columns)
            {
                string unknown = patient.Keys.First(name => IndexOf(name) < 0);
                throw InferenceException.InvalidInput($"patient {row}: '{unknown}' is not one of the {Columns} measurements");
            }
        }

        return rows;
    }

    /// <summary>Rows of one tensor [patients, measurements], or of one tensor [patients] for each measurement.</summary>
    public float[] FromTensors(IReadOnlyList<Tensor> tensors)
    {
        float[] rows = tensors.Count == 1 ? FromMatrix(tensors[0]) : FromColumns(tensors);
        for (int i = 0; i < rows.Length; i++)
        {
            Checked(i / Columns, measurements[i % Columns], rows[i]);
        }

        return rows;
    }

    private float[] FromMatrix(Tensor tensor) =>
        tensor.Shape.Length == 2 && tensor.Shape[1] == Columns
            ? tensor.ToArray<float>()
            : throw InferenceException.InvalidInput(
                $"input '{tensor.Name}' has shape [{string.Join(',', tensor.Shape.ToArray())}], expected [patients,{Columns}]");

    private float[] FromColumns(IReadOnlyList<Tensor> tensors)
    {
        int patients = tensors.Count == 0 ? 0 : tensors[0].Count;
        float[] rows = new float[patients * Columns];
        bool[] given = new bool[Columns];
        foreach (Tensor tensor in tensors)
        {
            int column = IndexOf(tensor.Name);
            if (column < 0)
            {
                throw InferenceException.InvalidInput($"input '{tensor.Name}' is not one of the {Columns} measurements");
            }

            if (tensor.Count != patients || tensor.Shape.Length == 0 || tensor.Shape[0] != patients)
            {
                throw InferenceException.InvalidInput(
                    $"input '{tensor.Name}' has shape [{string.Join(',', tensor.Shape.ToArray())}], expected [{patients}]");
            }

            given[column] = true;
            float[] values = tensor.ToArray<float>();
            for (int row = 0; row < patients; row++)
            {
                rows[row * Columns + column] = values[row];
            }
        }

        int missing = Array.IndexOf(given, false);
        return missing < 0 ? rows : throw InferenceException.InvalidInput($"the input {measurements[missing]}, is missing");
    }

    private static float Checked(int patient, Measurement measurement, float value) =>
        value >= measurement.Min && value <= measurement.Max
            ? value
            : throw InferenceException.InvalidInput($"patient {patient}: {value} is out of range for {measurement}");

    private int IndexOf(string name) => Array.FindIndex(measurements, m => m.Name == name);
}
