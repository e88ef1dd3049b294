namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Linear models as exporters write them, one for each way.</summary>
internal static class LinearGraphs
{
    private static readonly float[] Coefficients = [0.5f, -1.25f, 2f, -0.75f, 0.125f, 1.5f, 0.25f, -2f, -0.5f];
    private static readonly float[] Intercepts = [0.1f, -0.2f, 0.3f];

    public static TheoryData<string> Names => [.. All.Keys];

    public static IReadOnlyDictionary<string, Func<GraphBuilder>> All { get; } = new Dictionary<string, Func<GraphBuilder>>(StringComparer.Ordinal)
    {
        ["regressor"] = static () => new GraphBuilder(3)
            .Node("LinearRegressor", ["x"], ["y"], ("coefficients", Coefficients[..3]), ("intercepts", Intercepts[..1]))
            .Output("y", 1),
        ["regressor of two targets"] = static () => new GraphBuilder(3)
            .Node("LinearRegressor", ["x"], ["y"], ("coefficients", Coefficients[..6]), ("intercepts", Intercepts[..2]), ("targets", 2))
            .Output("y", 2),
        ["gemm, transposed, scaled"] = static () => new GraphBuilder(3)
            .Constant("w", Coefficients[..6], 2, 3).Constant("b", Intercepts[..2], 2)
            .Node("Gemm", ["x", "w", "b"], ["y"], ("transB", 1), ("alpha", 0.5f), ("beta", 2f))
            .Output("y", 2),
        ["gemm without bias"] = static () => new GraphBuilder(3)
            .Constant("w", Coefficients[..3], 3, 1)
            .Node("Gemm", ["x", "w"], ["y"])
            .Output("y", 1),
        ["matmul, add, sigmoid, its complement"] = static () => new GraphBuilder(3)
            .Constant("w", Coefficients[..3], 3, 1).Constant("b", [0.5f], 1).Constant("one", [1f], 1)
            .Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["z"]).Node("Sigmoid", ["z"], ["p"])
            .Node("Sub", ["one", "p"], ["q"]).Node("Concat", ["q", "p"], ["y"], ("axis", 1))
            .Node("ArgMax", ["y"], ["label"], ("axis", 1), ("keepdims", 0))
            .Label("label").Output("y", 2),
        ["scaled and divided, softmax"] = static () => new GraphBuilder(3)
            .Constant("mean", [1f, 2f, 3f], 3).Constant("deviation", [2f, 4f, 0.5f], 3).Constant("w", Coefficients, 3, 3).Constant("b", Intercepts, 3)
            .Node("Sub", ["x", "mean"], ["c"]).Node("Div", ["c", "deviation"], ["s"]).Node("MatMul", ["s", "w"], ["m"])
            .Node("Add", ["b", "m"], ["z"]).Node("Softmax", ["z"], ["y"]).Node("ArgMax", ["y"], ["label"], ("axis", 1), ("keepdims", 0))
            .Label("label").Output("y", 3),
        ["classifier, softmax"] = static () => Classifier("SOFTMAX").Output("p", 3),
        ["classifier, margins"] = static () => Classifier("NONE").Output("p", 3),
        ["classifier, one against the rest"] = static () => Classifier("LOGISTIC")
            .Node("Normalizer", ["p"], ["y"], ("norm", "L1")).Output("y", 3),
        ["classifier, logistic of each"] = static () => Classifier("LOGISTIC").Output("p", 3),
        ["two classes that are no opposites"] = static () => new GraphBuilder(3)
            .Node("LinearClassifier", ["x"], ["label", "p"], ("coefficients", Coefficients[..6]), ("intercepts", Intercepts[..2]), ("classlabels_ints", new long[] { 0, 1 }), ("post_transform", "LOGISTIC"))
            .Label("label").Output("p", 2),
        ["one-hot of two columns beside a scaled one"] = static () => new GraphBuilder(3)
            .Constant("at", [0, 2]).Constant("rest", [1]).Constant("shape", [-1, 5])
            .Node("ArrayFeatureExtractor", ["x", "at"], ["codes"])
            .Node("Cast", ["codes"], ["ints"], ("to", 7))
            .Node("OneHotEncoder", ["ints"], ["hot"], ("cats_int64s", new long[] { -1, 0, 1, 2, 400000 }), ("zeros", 1))
            .Node("Flatten", ["hot"], ["flat"])
            .Node("Gather", ["x", "rest"], ["number"], ("axis", 1))
            .Node("Scaler", ["number"], ["scaled"], ("offset", new[] { 1.5f }), ("scale", new[] { 0.25f }))
            .Node("Concat", ["flat", "scaled"], ["all"], ("axis", -1))
            .Node("Identity", ["all"], ["same"])
            .Node("LinearRegressor", ["same"], ["y"], ("coefficients", new[] { 1f, 2f, 3f, 4f, 5f, -1f, -2f, -3f, -4f, -5f, 0.5f }), ("intercepts", new[] { 7f }))
            .Output("y", 1),
        ["a column that is a category and a number"] = static () => new GraphBuilder(2)
            .Constant("at", [1])
            .Node("ArrayFeatureExtractor", ["x", "at"], ["code"])
            .Node("OneHotEncoder", ["code"], ["hot"], ("cats_int64s", new long[] { 0, 1, 2 }))
            .Node("Reshape", ["hot", "shape"], ["flat"])
            .Constant("shape", [0, 3])
            .Node("Concat", ["flat", "x"], ["all"], ("axis", 1))
            .Node("LinearRegressor", ["all"], ["y"], ("coefficients", new[] { 1f, 2f, 3f, 10f, 100f }), ("intercepts", new[] { 0.5f }))
            .Output("y", 1),
    };

    private static GraphBuilder Classifier(string transform) => new GraphBuilder(3)
        .Node("LinearClassifier", ["x"], ["label", "p"], ("coefficients", Coefficients), ("intercepts", Intercepts), ("classlabels_ints", new long[] { 0, 1, 2 }), ("post_transform", transform), ("multi_class", 1))
        .Label("label");
}
