using Sidecars;

namespace Churn;

/// <summary>The five measurements of a customer, in the order the predictor was trained with.</summary>
internal static class Customers
{
    public static IReadOnlyList<string> Fields { get; } = ["age", "tenure_days", "monthly_spend", "support_tickets", "last_login_days"];

    /// <summary>Row after row of five numbers, from one tensor per field or from one matrix of five columns.</summary>
    public static float[] Read(IReadOnlyList<Tensor> inputs)
    {
        float[] rows = inputs switch
        {
            [{ Count: 0 }] => [],
            [{ Shape.Length: 2 } matrix] => ReadMatrix(matrix),
            _ => ReadFields(inputs),
        };
        int wrong = rows.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        return wrong < 0
            ? rows
            : throw InferenceException.InvalidInput($"instance {wrong / Fields.Count}: '{Fields[wrong % Fields.Count]}' is no finite number");
    }

    private static float[] ReadMatrix(Tensor matrix) => matrix.Shape[1] == Fields.Count
        ? matrix.ToArray<float>()
        : throw InferenceException.InvalidInput($"an instance has {matrix.Shape[1]} values, expected {Fields.Count}: {string.Join(", ", Fields)}");

    private static float[] ReadFields(IReadOnlyList<Tensor> inputs)
    {
        float[] rows = [];
        for (int f = 0; f < Fields.Count; f++)
        {
            Tensor input = inputs.FirstOrDefault(t => t.Name == Fields[f])
                ?? throw InferenceException.InvalidInput($"the field '{Fields[f]}' is missing; a customer has: {string.Join(", ", Fields)}");
            float[] column = input.ToArray<float>();
            if (f == 0)
            {
                rows = new float[column.Length * Fields.Count];
            }
            else if (column.Length * Fields.Count != rows.Length)
            {
                throw InferenceException.InvalidInput($"'{Fields[f]}' has {column.Length} values, '{Fields[0]}' has {rows.Length / Fields.Count}");
            }

            for (int row = 0; row < column.Length; row++)
            {
                rows[(row * Fields.Count) + f] = column[row];
            }
        }

        return rows;
    }
}
