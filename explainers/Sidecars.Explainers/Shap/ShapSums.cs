namespace Sidecars.Explainers.Shap;

/// <summary>Where values and interaction indices of rows are added up.</summary>
/// <param name="outputs">How many margins a row has.</param>
/// <param name="players">How many players there are.</param>
/// <param name="rows">How many rows there are.</param>
/// <param name="interactions">Whether interactions are wanted.</param>
internal sealed class ShapSums(int rows, int outputs, int players, bool interactions)
{
    public int Rows => rows;

    public int Outputs => outputs;

    public int Players => players;

    /// <summary>Values, [rows, outputs, players].</summary>
    public double[] Values { get; } = new double[checked(rows * outputs * players)];

    /// <summary>
    /// The pairwise Shapley interaction index, [rows, outputs, players, players]; only pairs in ascending order are added
    /// to, until <see cref="FinishInteractions"/>. Null when not wanted.
    /// </summary>
    public double[]? Interactions { get; } = interactions ? new double[checked(rows * outputs * players * players)] : null;

    /// <summary>The same for two classes of which these sums are the second's: the first has them with their signs turned.</summary>
    public ShapSums WithComplement()
    {
        var both = new ShapSums(rows, 2, players, interactions);
        for (int row = 0; row < rows; row++)
        {
            Spread(Values, both.Values, row, players);
            if (Interactions is not null)
            {
                Spread(Interactions, both.Interactions!, row, players * players);
            }
        }

        return both;

        static void Spread(double[] from, double[] to, int row, int width)
        {
            for (int i = 0; i < width; i++)
            {
                double value = from[(row * width) + i];
                to[(2 * row * width) + i] = -value;
                to[(((2 * row) + 1) * width) + i] = value;
            }
        }
    }

    /// <summary>Turns indices of pairs into a symmetric matrix: half of the index for either order, and on the diagonal what
    /// is left of the value.</summary>
    public void FinishInteractions(int row)
    {
        for (int output = 0; output < outputs; output++)
        {
            int at = (row * outputs) + output;
            Span<double> matrix = Interactions.AsSpan(at * players * players, players * players);
            ReadOnlySpan<double> values = Values.AsSpan(at * players, players);
            for (int i = 0; i < players; i++)
            {
                for (int j = i + 1; j < players; j++)
                {
                    double half = matrix[(i * players) + j] / 2;
                    matrix[(i * players) + j] = matrix[(j * players) + i] = half;
                }
            }

            for (int i = 0; i < players; i++)
            {
                double rest = values[i];
                for (int j = 0; j < players; j++)
                {
                    rest -= j == i ? 0 : matrix[(i * players) + j];
                }

                matrix[(i * players) + i] = rest;
            }
        }
    }
}
