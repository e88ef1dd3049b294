using Sidecars;

namespace Image;

/// <summary>The names of the predictor's classes, one per line of <c>labels.txt</c>; without that file, their numbers.</summary>
internal sealed class Labels(IReadOnlyList<string> names)
{
    public static Labels None { get; } = new([]);

    public static async Task<Labels> LoadAsync(string path, CancellationToken cancellation)
    {
        string[] lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellation) : [];
        return new Labels([.. lines.Select(static line => line.Trim()).Where(static line => line.Length > 0)]);
    }

    /// <summary>The best scores of each row and their names, row after row, best first.</summary>
    /// <param name="outputs">The predictor's answer: its first tensor is [rows, classes].</param>
    /// <param name="most">How many to pick.</param>
    /// <param name="softmax">Whether the scores are logits, to be made probabilities.</param>
    public (float[] Scores, string[] Names, int Best) PickBest(IReadOnlyList<Tensor> outputs, int most, bool softmax)
    {
        if (outputs is not [{ Datatype: not Datatype.BYTES, Shape.Length: 2 } output, ..])
        {
            throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer is no tensor [images, classes] of numbers.");
        }

        int rows = (int)output.Shape[0], classes = (int)output.Shape[1], best = Math.Min(most, classes);
        if (names.Count > 0 && classes != names.Count)
        {
            throw new InferenceException(
                ErrorKind.PredictorBody, $"The predictor knows {classes} classes, labels.txt has {names.Count} names.");
        }

        float[] all = output.ToArray<float>();
        var scores = new float[rows * best];
        var labels = new string[rows * best];
        for (int row = 0; row < rows; row++)
        {
            Span<float> values = all.AsSpan(row * classes, classes);
            if (softmax)
            {
                Softmax(values);
            }

            int[] order = [.. Enumerable.Range(0, classes)];
            float[] keys = values.ToArray();
            Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is var c && c != 0 ? c : a.CompareTo(b));
            for (int i = 0; i < best; i++)
            {
                scores[(row * best) + i] = keys[order[i]];
                labels[(row * best) + i] = names.Count > 0 ? names[order[i]] : order[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return (scores, labels, best);
    }

    private static void Softmax(Span<float> values)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, value);
        }

        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp(value - largest);
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Math.Exp(values[i] - largest) / sum);
        }
    }
}
