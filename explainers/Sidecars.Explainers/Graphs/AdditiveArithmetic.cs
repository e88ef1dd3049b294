namespace Sidecars.Explainers.Graphs;

/// <summary>+, −, × and ÷ of sums that keep features apart, with constants and with each other.</summary>
internal static class AdditiveArithmetic
{
    /// <summary>Applies an operator.</summary>
    /// <param name="op">Add, Sub, Mul or Div.</param>
    /// <param name="inputs">Two, of which one may be constant.</param>
    public static SymbolicTensor? Apply(string op, object?[] inputs) => inputs switch
    {
        [SymbolicTensor a, SymbolicTensor b] => Combine(op, a, b),
        [SymbolicTensor x, ConstantTensor c] => WithConstant(x, c, op switch
        {
            "Add" => static (column, value) => Plain(column)?.ShiftThenScale(value, 1),
            "Sub" => static (column, value) => Plain(column)?.ShiftThenScale(-value, 1),
            "Mul" => static (column, value) => Plain(column)?.ShiftThenScale(0, value),
            _ => static (column, value) => Plain(column)?.ShiftThenScale(0, 1 / value),
        }),
        [ConstantTensor c, SymbolicTensor x] => op switch
        {
            "Add" or "Mul" => Apply(op, [x, c]),
            "Sub" => WithConstant(x, c, SubtractFrom),
            _ => null,
        },
        _ => null,
    };

    private static AdditiveColumn? Plain(AdditiveColumn column) => column.IsPlain ? column : null;

    // 1 − σ(m) = σ(−m): how two-class networks make the probability of the first class.
    private static AdditiveColumn? SubtractFrom(AdditiveColumn column, double value) => column.Wrap switch
    {
        ColumnWrap.None => column.ShiftThenScale(-value, -1),
        ColumnWrap.Logistic when value == 1 => column.ShiftThenScale(0, -1) with { Wrap = ColumnWrap.Logistic },
        _ => null,
    };

    private static SymbolicTensor? Combine(string op, SymbolicTensor a, SymbolicTensor b)
    {
        if (op is not ("Add" or "Sub") || !a.Dims.AsSpan().SequenceEqual(b.Dims)
            || a.Columns.Concat(b.Columns).Any(static c => !c.IsPlain))
        {
            return null;
        }

        double[] weights = [1, op == "Add" ? 1 : -1];
        return a with { Columns = [.. a.Columns.Zip(b.Columns, (x, y) => AdditiveColumn.Combine(0, [x, y], weights))] };
    }

    // A constant is one number, or one for each place of the last dimension; other shapes would mix rows or change ours.
    private static SymbolicTensor? WithConstant(SymbolicTensor x, ConstantTensor c, Func<AdditiveColumn, double, AdditiveColumn?> apply)
    {
        int last = x.Dims is [.., var d] ? d : 1;
        if ((c.Values.Length != 1 && (c.Values.Length != last || c.Dims[^1] != last)) || c.Dims.Length > x.Dims.Length + 1)
        {
            return null;
        }

        AdditiveColumn[] columns = new AdditiveColumn[x.Columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            if (apply(x.Columns[i], c.Values[i % c.Values.Length]) is not { } column)
            {
                return null;
            }

            columns[i] = column;
        }

        return x with { Columns = columns };
    }
}
