using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>What the operators of linear models make of sums that keep features apart.</summary>
internal static class AdditiveOperators
{
    private const int ToFloat = 1;
    private const int ToInt32 = 6;
    private const int ToInt64 = 7;
    private const int ToDouble = 11;

    /// <summary>Applies a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs: a <see cref="SymbolicTensor"/>, a <see cref="ConstantTensor"/>, or null for none.</param>
    /// <returns>Its scores; null where they are no such sums.</returns>
    public static SymbolicTensor? Apply(NodeProto node, object?[] inputs) => Apply(node.OpType, new NodeAttributes(node), inputs);

    private static SymbolicTensor? Apply(string op, NodeAttributes node, object?[] inputs) => (op, inputs) switch
    {
        ("Identity" or "ZipMap", [SymbolicTensor x]) => x,
        ("Flatten", [SymbolicTensor x]) when node.Int("axis", 1) == 1 => SymbolicTensor.Matrix(x.Columns),
        ("Cast", [SymbolicTensor x]) => Cast(x, node.Int("to", 0)),
        ("Reshape", [SymbolicTensor x, ConstantTensor shape]) => Reshape(x, shape.Values),
        ("ArrayFeatureExtractor", [SymbolicTensor x, ConstantTensor at]) => x.Pick(x.Dims.Length - 1, Indices(at)),
        ("Gather", [SymbolicTensor x, ConstantTensor { Dims.Length: 1 } at]) => x.Pick(x.Axis(node.Int("axis", 0)), Indices(at)),
        ("Concat", [SymbolicTensor first, ..]) when inputs.All(static i => i is SymbolicTensor) =>
            SymbolicTensor.Concat(first.Axis(node.Int("axis", 1)), [.. inputs.Cast<SymbolicTensor>()]),
        ("FeatureVectorizer", [SymbolicTensor, ..]) when inputs.All(static i => i is SymbolicTensor) =>
            SymbolicTensor.Concat(0, [.. inputs.Cast<SymbolicTensor>()]),
        ("OneHotEncoder", [SymbolicTensor x]) => OneHot(x, node),
        ("Scaler", [SymbolicTensor x]) => Scale(x, (node.Numbers("offset") ?? []), (node.Numbers("scale") ?? [])),
        ("Add" or "Sub" or "Mul" or "Div", [SymbolicTensor, ConstantTensor] or [ConstantTensor, SymbolicTensor] or [SymbolicTensor, SymbolicTensor]) =>
            AdditiveArithmetic.Apply(op, inputs),
        ("MatMul", [SymbolicTensor x, ConstantTensor { Dims.Length: 2 } w]) => Multiply(x, w, transposed: false, 1, 0, null),
        ("Gemm", [SymbolicTensor x, ConstantTensor { Dims.Length: 2 } w, .. var bias]) when node.Int("transA", 0) == 0 && bias is [] or [ConstantTensor] =>
            Multiply(x, w, node.Int("transB", 0) != 0, node.Single("alpha", 1), node.Single("beta", 1), bias is [ConstantTensor c] ? c : null),
        ("LinearRegressor", [SymbolicTensor x]) when node.String("post_transform", "NONE") == "NONE" =>
            Linear(x, node, (int)node.Int("targets", 1)),
        ("LinearClassifier", [SymbolicTensor x]) => Classify(x, node),
        ("Sigmoid", [SymbolicTensor x]) => Wrap(x, ColumnWrap.None, ColumnWrap.Logistic),
        ("Softmax", [SymbolicTensor { Dims.Length: 1 } x]) when x.Axis(node.Int("axis", -1)) == 0 => Wrap(x, ColumnWrap.None, ColumnWrap.Softmax),
        ("Normalizer", [SymbolicTensor { Dims.Length: 1 } x]) when node.String("norm", "MAX") == "L1" =>
            Wrap(x, ColumnWrap.Logistic, ColumnWrap.LogisticShare) ?? Wrap(x, ColumnWrap.Softmax, ColumnWrap.Softmax),
        _ => null,
    };

    private static int[] Indices(ConstantTensor at) => Array.ConvertAll(at.Values, static v => (int)v);

    private static SymbolicTensor? Cast(SymbolicTensor x, long to) => to switch
    {
        ToFloat or ToDouble => x,
        ToInt32 or ToInt64 when x.Columns.All(static c => c.SingleFeature >= 0) =>
            x with { Columns = Array.ConvertAll(x.Columns, static c => c with { Wrap = ColumnWrap.Truncated }) },
        _ => null,
    };

    // The first dimension has to stay that of the rows: -1, or 0 with the rest given.
    private static SymbolicTensor? Reshape(SymbolicTensor x, double[] shape)
    {
        if (shape.Length < 2 || shape[0] is not (0 or -1))
        {
            return null;
        }

        int[] dims = new int[shape.Length - 1];
        int open = -1;
        int known = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = shape[i + 1] == 0 && i < x.Dims.Length ? x.Dims[i] : (int)shape[i + 1];
            if (dims[i] == -1 && shape[0] == 0 && open < 0)
            {
                open = i;
            }
            else if (dims[i] < 1)
            {
                return null;
            }
            else
            {
                known *= dims[i];
            }
        }

        if (open >= 0)
        {
            dims[open] = x.Columns.Length / known;
            known *= dims[open];
        }

        return known == x.Columns.Length ? new SymbolicTensor(dims, x.Columns) : null;
    }

    // ai.onnx.ml OneHotEncoder cuts a float's fraction off before it compares.
    private static SymbolicTensor? OneHot(SymbolicTensor x, NodeAttributes node)
    {
        long[] categories = node.Ints("cats_int64s") ?? [];
        if (categories.Length == 0 || categories.Distinct().Count() < categories.Length || node.Int("zeros", 1) == 0
            || x.Columns.Any(static c => c.SingleFeature < 0))
        {
            return null;
        }

        return new SymbolicTensor(
            [.. x.Dims, categories.Length],
            [.. x.Columns.SelectMany(c => categories.Select(code => new AdditiveColumn(0, [new AdditiveTerm(c.SingleFeature, code, 1)])))]);
    }

    private static SymbolicTensor? Scale(SymbolicTensor x, double[] offset, double[] scale)
    {
        int last = x.Dims is [.., var d] ? d : 1;
        if (x.Columns.Any(static c => !c.IsPlain) || (offset.Length != 1 && offset.Length != last) || (scale.Length != 1 && scale.Length != last))
        {
            return null;
        }

        return x with
        {
            Columns = [.. x.Columns.Select((c, i) => c.ShiftThenScale(-offset[i % offset.Length], scale[i % scale.Length]))],
        };
    }

    private static SymbolicTensor? Multiply(SymbolicTensor x, ConstantTensor w, bool transposed, double alpha, double beta, ConstantTensor? bias)
    {
        int inputs = w.Dims[transposed ? 1 : 0];
        int outputs = w.Dims[transposed ? 0 : 1];
        if (x.Dims.Length != 1 || x.Columns.Length != inputs || x.Columns.Any(static c => !c.IsPlain)
            || (bias is not null && bias.Values.Length != 1 && bias.Values.Length != outputs))
        {
            return null;
        }

        double[] weights = new double[inputs];
        AdditiveColumn[] columns = new AdditiveColumn[outputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                weights[i] = alpha * w.Values[transposed ? (o * inputs) + i : (i * outputs) + o];
            }

            columns[o] = AdditiveColumn.Combine(bias is null ? 0 : beta * bias.Values[o % bias.Values.Length], x.Columns, weights);
        }

        return SymbolicTensor.Matrix(columns);
    }

    private static SymbolicTensor? Linear(SymbolicTensor x, NodeAttributes node, int outputs)
    {
        double[] coefficients = (node.Numbers("coefficients") ?? []);
        double[] intercepts = (node.Numbers("intercepts") ?? []);
        return outputs > 0 && coefficients.Length == outputs * x.Columns.Length && (intercepts.Length == 0 || intercepts.Length == outputs)
            ? Multiply(x, new ConstantTensor([outputs, x.Columns.Length], coefficients), transposed: true, 1, 1, intercepts.Length == 0 ? null : new ConstantTensor([outputs], intercepts))
            : null;
    }

    private static SymbolicTensor? Classify(SymbolicTensor x, NodeAttributes node)
    {
        int classes = node.Ints("classlabels_ints")?.Length ?? node.Strings("classlabels_strings")?.Length ?? 0;
        int margins = (node.Numbers("intercepts") ?? []).Length;
        ColumnWrap? wrap = node.String("post_transform", "NONE") switch
        {
            "NONE" => ColumnWrap.None,
            "LOGISTIC" => ColumnWrap.Logistic,
            "SOFTMAX" => ColumnWrap.Softmax,
            _ => null,
        };

        // One margin for two classes has rules of its own for what the first class gets; exporters write two.
        return wrap is { } found && margins == classes && margins > 1 && Linear(x, node, margins) is { } sums
            ? Wrap(sums, ColumnWrap.None, found)
            : null;
    }

    private static SymbolicTensor? Wrap(SymbolicTensor x, ColumnWrap from, ColumnWrap to) => x.Columns.All(c => c.Wrap == from)
        ? x with { Columns = Array.ConvertAll(x.Columns, c => c with { Wrap = to }) }
        : null;
}
