namespace Sidecars.Explainers.Scoring;

/// <summary>The scores in one answer of a predictor.</summary>
/// <param name="Values">The numbers, [rows, <paramref name="Outputs"/>].</param>
/// <param name="Outputs">How many a row has.</param>
/// <param name="AreLabels">Whether they are classes: one whole number or one text a row.</param>
internal readonly record struct PredictorAnswer(double[] Values, int Outputs, bool AreLabels)
{
    /// <param name="response">The answer.</param>
    /// <param name="rows">How many rows were asked.</param>
    /// <param name="wanted">The output's name; null to choose.</param>
    /// <param name="classes">The names of the classes; null when nobody says.</param>
    /// <exception cref="InferenceException">The answer cannot be read as scores of so many rows.</exception>
    public static PredictorAnswer Read(InferResponse response, int rows, string? wanted, IReadOnlyList<string>? classes)
    {
        try
        {
            IReadOnlyList<Tensor> outputs = response.Outputs;
            Tensor scores = wanted is null
                ? First(outputs, rows, static d => d is Datatype.FP32 or Datatype.FP64 or Datatype.FP16 or Datatype.BF16)
                    ?? First(outputs, rows, static d => d is not (Datatype.BYTES or Datatype.BOOL))
                    ?? First(outputs, rows, static d => d is Datatype.BYTES or Datatype.BOOL)
                    ?? throw Unreadable(outputs, rows)
                : response.Output(wanted);
            if (!HasRows(scores, rows))
            {
                throw Unreadable([scores], rows);
            }

            int width = scores.Count / rows;
            return scores.Datatype == Datatype.BYTES
                ? new PredictorAnswer(Labels(scores, width, classes), 1, AreLabels: true)
                : Numbers(scores, width, classes);
        }
        catch (InferenceException e) when (e.Kind != ErrorKind.PredictorBody)
        {
            throw new InferenceException(ErrorKind.PredictorBody, "The predictor's answer cannot be used: " + e.Message, e);
        }
    }

    private static PredictorAnswer Numbers(Tensor scores, int width, IReadOnlyList<string>? classes)
    {
        double[] values = scores.ToArray<double>();
        bool labels = width == 1 && scores.Datatype is not (Datatype.FP32 or Datatype.FP64 or Datatype.FP16 or Datatype.BF16);
        if (labels)
        {
            ClassLabels.OfNumbers(classes)?.Map(values);
        }

        return new PredictorAnswer(values, width, labels);
    }

    private static double[] Labels(Tensor labels, int width, IReadOnlyList<string>? classes)
    {
        ClassLabels known = ClassLabels.Of(classes)
            ?? throw InferenceException.InvalidInput($"'{labels.Name}' gives labels as text, and nobody named the classes");
        return width == 1
            ? Array.ConvertAll(labels.ReadStrings(), label => (double)known.IndexOf(label))
            : throw InferenceException.InvalidInput($"'{labels.Name}' gives {width} texts a row, expected one label");
    }

    private static Tensor? First(IReadOnlyList<Tensor> outputs, int rows, Func<Datatype, bool> fits) =>
        outputs.FirstOrDefault(o => fits(o.Datatype) && HasRows(o, rows));

    private static bool HasRows(Tensor tensor, int rows) => tensor.Shape.Length > 0 && tensor.Shape[0] == rows && tensor.Count > 0;

    private static InferenceException Unreadable(IReadOnlyList<Tensor> outputs, int rows) => new(
        ErrorKind.PredictorBody,
        $"The predictor was asked for {rows} rows and answered "
        + (outputs.Count == 0
            ? "nothing."
            : string.Join(", ", outputs.Select(static o => $"'{o.Name}' {o.Datatype} [{string.Join(',', o.Shape.ToArray())}]")) + "."));
}
