using Sidecars.Explainers.Graphs.Onnx;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// Finds linear models in ONNX files: linear and logistic regression behind scaling and one-hot encoding, whatever
/// operators they are made of, as long as no two features meet before the sum.
/// </summary>
internal static class LinearModelReader
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Text = 8;
    private const int Double = 11;

    /// <summary>Reads a model; null where the file's model is not linear.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    public static LinearModel? TryRead(string onnxPath) => TryRead(onnxPath, out _);

    /// <inheritdoc cref="TryRead(string)"/>
    /// <param name="onnxPath">The file.</param>
    /// <param name="reason">Why the model is not understood as linear; null where it is.</param>
    public static LinearModel? TryRead(string onnxPath, out string? reason) => TryRead(OnnxFile.Read(onnxPath).Graph, out reason);

    /// <inheritdoc cref="TryRead(string)"/>
    internal static LinearModel? TryRead(GraphProto graph, out string? reason)
    {
        HashSet<string> initializers = [.. graph.Initializer.Select(static i => i.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(i => !initializers.Contains(i.Name))];
        if (inputs is not [{ Type.TensorType: { ElemType: Float, Shape.Dim: [_, { DimValue: > 0 and <= 1 << 20 } columns] } } input])
        {
            reason = "the model has not one float32 input [rows, features]";
            return null;
        }

        ValueInfoProto? scores = graph.Output.FirstOrDefault(static o => o.Type?.TensorType is null or { ElemType: Float or Double });
        if (scores is null)
        {
            reason = "no output has scores";
            return null;
        }

        bool isClassifier = graph.Output.Any(static o => o.Type?.TensorType is { ElemType: Int64 or Text });
        int features = (int)columns.DimValue;
        SymbolicTensor? tensor = new AdditiveGraph(graph, input.Name, features).Find(scores.Name, out reason);
        return tensor is null ? null : Build(features, tensor.Columns, isClassifier, out reason);
    }

    private static LinearModel? Build(int features, AdditiveColumn[] columns, bool isClassifier, out string? reason)
    {
        ColumnWrap wrap = columns[0].Wrap;
        if (Array.Exists(columns, c => c.Wrap != wrap) || wrap == ColumnWrap.Truncated)
        {
            reason = "its scores are made in different ways";
            return null;
        }

        if (columns.Length == 1 && (wrap is ColumnWrap.LogisticShare or ColumnWrap.Softmax || (isClassifier && wrap == ColumnWrap.None)))
        {
            reason = "it is a classifier of one score";
            return null;
        }

        reason = null;
        AdditiveColumn[] margins = columns;
        ScoreTransform transform = wrap switch
        {
            ColumnWrap.None => ScoreTransform.Identity,
            ColumnWrap.Logistic => ScoreTransform.Logistic,
            ColumnWrap.LogisticShare => ScoreTransform.LogisticShare,
            _ => ScoreTransform.Softmax,
        };
        if (columns.Length == 2 && wrap is ColumnWrap.Logistic or ColumnWrap.LogisticShare && AreOpposite(columns[0], columns[1]))
        {
            (margins, transform) = ([columns[1]], ScoreTransform.LogisticPair);
        }

        (double[]?[] slopes, CategoryTable?[] tables) = Collect(features, margins);
        return new LinearModel
        {
            Features = features,
            Margins = margins.Length,
            Outputs = columns.Length,
            Intercepts = [.. margins.Select(static m => m.Constant)],
            Slopes = slopes,
            Tables = tables,
            Transform = transform,
            Kind = !isClassifier ? ScoreKind.Value : wrap == ColumnWrap.None ? ScoreKind.Margin : ScoreKind.Probability,
        };
    }

    // Two classes share one margin where the first's is the second's with its sign turned.
    private static bool AreOpposite(AdditiveColumn first, AdditiveColumn second) =>
        first.Constant == -second.Constant && first.Terms.Length == second.Terms.Length
        && first.Terms.Zip(second.Terms).All(static pair => pair.First == pair.Second with { Weight = -pair.Second.Weight });

    private static (double[]?[] Slopes, CategoryTable?[] Tables) Collect(int features, AdditiveColumn[] margins)
    {
        double[]?[] slopes = new double[]?[features];
        SortedDictionary<long, double[]>?[] tables = new SortedDictionary<long, double[]>?[features];
        for (int m = 0; m < margins.Length; m++)
        {
            foreach (AdditiveTerm term in margins[m].Terms)
            {
                if (term.Category is not { } code)
                {
                    (slopes[term.Feature] ??= new double[margins.Length])[m] += term.Weight;
                    continue;
                }

                SortedDictionary<long, double[]> table = tables[term.Feature] ??= [];
                if (!table.TryGetValue(code, out double[]? weights))
                {
                    table[code] = weights = new double[margins.Length];
                }

                weights[m] += term.Weight;
            }
        }

        return (slopes, Array.ConvertAll(tables, static t => t is null ? null : new CategoryTable([.. t.Keys], [.. t.Values.SelectMany(static w => w)])));
    }
}
