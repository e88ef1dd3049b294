namespace Sidecars.Explainers.Graphs;

/// <summary>How many margins an operator keeps and what it makes of them, by ONNX Runtime's reading of the classic operators.</summary>
internal sealed record MarginShape(int Outputs, double[] BaseValues, PostTransform Transform, bool MarginIsProbability = false)
{
    /// <summary>A regressor of one target takes no transformation but PROBIT, and no base values but one.</summary>
    public MarginShape ForRegressor() => this with
    {
        BaseValues = BaseValues.Length == Outputs ? BaseValues : BaseValues.Length == 0 || Outputs == 1 ? new double[Outputs]
            : throw new InvalidDataException($"base_values has {BaseValues.Length} entries where there are {Outputs} targets."),
        Transform = Outputs == 1 && Transform != PostTransform.Probit ? PostTransform.None : Transform,
    };

    /// <summary>
    /// A classifier of two classes whose weights all go to class 0 keeps one margin, which is class 1's. LOGISTIC turns it
    /// into a probability; without it, it is taken for one if no weight is negative.
    /// </summary>
    public MarginShape ForClassifier(LeafWeights leaves)
    {
        if (Outputs > 2)
        {
            return BaseValues.Length == Outputs ? this
                : BaseValues.Length == 0 ? this with { BaseValues = new double[Outputs] }
                : throw new NotPlainTreesException($"There are {BaseValues.Length} base values for {Outputs} classes");
        }

        if (BaseValues.Length > 1)
        {
            throw new NotPlainTreesException("There are several base values for two classes, which ONNX Runtime adds in a way of its own");
        }

        double first = BaseValues.Length == 1 ? BaseValues[0] : 0;
        if (leaves.OutputsUsed.Contains(1))
        {
            return this with { BaseValues = [first, 0] };
        }

        if (Transform == PostTransform.Probit)
        {
            throw new NotPlainTreesException("One margin with PROBIT leaves the second class without an answer");
        }

        return Transform == PostTransform.Logistic
            ? new MarginShape(1, [first], PostTransform.Logistic)
            : new MarginShape(1, [first], PostTransform.None, leaves.AllPositive);
    }
}
