namespace Sidecars.Explainers.Graphs;

// What an ensemble says of a row: the walk down its trees, and what the operator makes of the sums.
internal sealed partial record TreeEnsemble
{
    /// <summary>How many numbers the model answers for a row: both classes where one margin stands for two.</summary>
    public int Answers => IsClassifier ? Classes : Outputs;

    /// <summary>
    /// With one margin for two classes and no transformation: whether the margin is the probability of class 1, and one
    /// minus it that of class 0, as ONNX Runtime answers when no weight of a leaf is negative. Else the other class gets
    /// the margin with its sign turned.
    /// </summary>
    public bool MarginIsProbability { get; init; }

    /// <summary>Whether the margins already are the model's answers, or one minus them: answers are then sums over trees.</summary>
    public bool IsAdditive => PostTransform == PostTransform.None;

    /// <summary>Whether the answers are probabilities of classes.</summary>
    public bool AnswersProbabilities => IsClassifier && (PostTransform != PostTransform.None || MarginIsProbability || AnswersSumToOne());

    /// <summary>Whether a node sends a value to its left.</summary>
    public bool GoesLeft(int node, float value)
    {
        float threshold = Threshold[node];
        bool holds = Mode[node] switch
        {
            SplitMode.LessOrEqual => value <= threshold,
            SplitMode.Less => value < threshold,
            SplitMode.GreaterOrEqual => value >= threshold,
            SplitMode.Greater => value > threshold,
            SplitMode.Equal => value == threshold,
            _ => value != threshold,
        };
        return holds || (MissingLeft[node] && float.IsNaN(value));
    }

    /// <summary>The leaf a row falls into.</summary>
    /// <param name="root">The tree's first node.</param>
    /// <param name="row">The row's features.</param>
    public int LeafOf(int root, ReadOnlySpan<float> row)
    {
        int node = root;
        while (Feature[node] >= 0)
        {
            node = GoesLeft(node, row[Feature[node]]) ? Left[node] : Right[node];
        }

        return node;
    }

    /// <summary>The margins of a row, [<see cref="Outputs"/>], summed over the trees in their order.</summary>
    public void Margins(ReadOnlySpan<float> row, Span<double> margins)
    {
        BaseValues.CopyTo(margins);
        foreach (int root in Roots)
        {
            int leaf = LeafOf(root, row);
            for (int output = 0; output < Outputs; output++)
            {
                margins[output] += Weights[(leaf * Outputs) + output];
            }
        }
    }

    /// <summary>What the model answers, [<see cref="Answers"/>], to the margins of a row.</summary>
    public void Answer(ReadOnlySpan<double> margins, Span<double> answers)
    {
        if (!IsClassifier || Outputs > 1)
        {
            margins.CopyTo(answers);
            PostTransforms.Apply(PostTransform, answers);
            return;
        }

        double margin = margins[0];
        bool logistic = PostTransform == PostTransform.Logistic;
        answers[0] = logistic ? PostTransforms.Logistic(-margin) : MarginIsProbability ? 1 - margin : -margin;
        answers[1] = logistic ? PostTransforms.Logistic(margin) : margin;
    }

    /// <summary>The same ensemble, with covers counted from the training rows that reach each node.</summary>
    /// <exception cref="ArgumentException">The rows have another number of features.</exception>
    public TreeEnsemble WithCovers(TabularData train)
    {
        if (train.Features != Features)
        {
            throw new ArgumentException($"Rows of {train.Features} features are no rows of a model of {Features}.", nameof(train));
        }

        double[] covers = new double[Nodes];
        for (int row = 0; row < train.Rows; row++)
        {
            ReadOnlySpan<float> values = train[row];
            foreach (int root in Roots)
            {
                int node = root;
                covers[node]++;
                while (Feature[node] >= 0)
                {
                    node = GoesLeft(node, values[Feature[node]]) ? Left[node] : Right[node];
                    covers[node]++;
                }
            }
        }

        return this with { Covers = covers };
    }

    /// <summary>The same trees for rows of more features, where the file does not say how many there are.</summary>
    /// <exception cref="ArgumentException">The file says, or the trees look at more.</exception>
    public TreeEnsemble WithFeatures(int features) =>
        features == Features ? this
        : !FeaturesDeclared && features > Features ? this with { Features = features, FeaturesDeclared = true }
        : throw new ArgumentException($"Rows of {features} features are no rows of a model of {Features}.", nameof(features));

    /// <summary>Whether the answers of every row sum to 1, but for rounding.</summary>
    public bool AnswersSumToOne()
    {
        if (!IsClassifier || PostTransform == PostTransform.Softmax)
        {
            return IsClassifier;
        }

        if (Outputs == 1)
        {
            return MarginIsProbability || PostTransform == PostTransform.Logistic;
        }

        // Each tree must put the same total on all of its leaves.
        const double rounding = 1e-5;
        double sum = BaseValues.Sum();
        foreach (int root in Roots)
        {
            double? total = null;
            var open = new Stack<int>([root]);
            while (open.TryPop(out int node))
            {
                if (Feature[node] >= 0)
                {
                    open.Push(Left[node]);
                    open.Push(Right[node]);
                    continue;
                }

                double leaf = 0;
                for (int output = 0; output < Outputs; output++)
                {
                    leaf += Weights[(node * Outputs) + output];
                }

                if (Math.Abs(leaf - (total ??= leaf)) > rounding)
                {
                    return false;
                }
            }

            sum += total ?? 0;
        }

        return PostTransform == PostTransform.None && Math.Abs(sum - 1) <= rounding * Math.Max(1, Roots.Length);
    }
}
