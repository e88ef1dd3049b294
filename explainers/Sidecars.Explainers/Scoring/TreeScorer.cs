using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Scores with a tree ensemble read from its file: decisions on float32 exactly as ONNX Runtime makes them, sums in
/// float64. Where few enough features matter it plays the coalition game on the trees (<see cref="TreeGame"/>).
/// </summary>
internal sealed class TreeScorer : ICoalitionScorer
{
    // Below this a second thread costs more than it brings.
    private const int RowsPerThread = 4096;
    private const int BlocksPerCheck = 64;

    private readonly CompiledTrees _trees;
    private readonly TreeEvaluator _evaluator;
    private readonly ScoreTransform? _transform;
    private readonly int _threads;

    // A block that no call is using: most calls are small, and would spend their time on clearing a new one.
    private TreeBlock? _spare;

    private TreeScorer(CompiledTrees trees, bool vectors, int threads)
    {
        _trees = trees;
        _evaluator = new TreeEvaluator(trees, vectors);
        _threads = threads;
        _transform = TransformOf(trees.Source);
        Outputs = trees.Source.Answers;
        Kind = !trees.Source.IsClassifier ? ScoreKind.Value
            : trees.Source.PostTransform != PostTransform.None || trees.Source.MarginIsProbability || trees.Source.AnswersSumToOne() ? ScoreKind.Probability
            : ScoreKind.Margin;
    }

    public int Features => _trees.Source.Features;

    /// <summary>How many scores a row has.</summary>
    public int Outputs { get; }

    /// <summary>What the scores are.</summary>
    public ScoreKind Kind { get; }

    // PROBIT and SOFTMAX_ZERO, which next to no model has, are worked out row by row.
    public bool ScoresCoalitions => _transform is not null;

    /// <summary>Prepares an ensemble; null where a threshold has no exact form here (see <see cref="CompiledTrees"/>).</summary>
    /// <param name="trees">The ensemble.</param>
    /// <param name="vectors">Whether vector instructions may be used where there are some.</param>
    /// <param name="threads">The most threads a large call may use; null for all processors.</param>
    public static TreeScorer? TryCreate(TreeEnsemble trees, bool vectors = true, int? threads = null) =>
        CompiledTrees.TryCompile(trees) is { } compiled ? new TreeScorer(compiled, vectors, threads ?? Environment.ProcessorCount) : null;

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        double[] scores = GC.AllocateUninitializedArray<double>(count * Outputs);
        int threads = Math.Clamp(count / RowsPerThread, 1, _threads);
        if (threads == 1)
        {
            Score(rows.Span, scores, cancellation);
            return new(new Scores(scores, Outputs, Kind));
        }

        // Whole blocks for each thread; the last takes what is left.
        int each = (count / threads / TreeBlock.Rows) * TreeBlock.Rows;
        Parallel.For(0, threads, new ParallelOptions { CancellationToken = cancellation }, thread =>
        {
            int start = thread * each;
            int mine = thread == threads - 1 ? count - start : each;
            Score(rows.Span.Slice(start * Features, mine * Features), scores.AsSpan(start * Outputs, mine * Outputs), cancellation);
        });
        return new(new Scores(scores, Outputs, Kind));
    }

    public ValueTask<Scores> ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation)
    {
        ScoreTransform transform = _transform ?? throw new NotSupportedException("These trees are scored by rows only.");
        float[] explained = row.ToArray();
        double[] values = TreeGame.TryCreate(_trees, transform, explained, background) is { } game
            ? game.Play(coalitions, background, cancellation)
            : PlayRows(explained, coalitions, background, cancellation);
        return new(new Scores(values, Outputs, Kind));
    }

    private void Score(ReadOnlySpan<float> rows, Span<double> scores, CancellationToken cancellation)
    {
        TreeBlock block = Interlocked.Exchange(ref _spare, null) ?? new TreeBlock(_trees);
        int perBlock = TreeBlock.Rows * Features;
        for (int start = 0, blocks = 0; start < rows.Length; start += perBlock, blocks++)
        {
            if (blocks % BlocksPerCheck == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            ReadOnlySpan<float> some = rows.Slice(start, Math.Min(perBlock, rows.Length - start));
            int count = some.Length / Features;
            block.Fill(_trees, some);
            _evaluator.Run(block, count);
            Answer(block, count, scores.Slice(start / Features * Outputs, count * Outputs));
        }

        _spare = block;
    }

    private void Answer(TreeBlock block, int count, Span<double> scores)
    {
        int width = _trees.Source.Outputs;
        double[] margins = block.Margins;
        block.ReadMargins(count);

        if (_transform is { } transform)
        {
            transform.Apply(margins.AsSpan(0, count * width), width, scores);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _trees.Source.Answer(margins.AsSpan(i * width, width), scores.Slice(i * Outputs, Outputs));
        }
    }

    // Blocks are filled column by column: a feature of the row is one value for all, one of the background its column.
    private double[] PlayRows(float[] row, CoalitionSet coalitions, Background background, CancellationToken cancellation)
    {
        int count = background.Rows.Rows;
        double[] values = new double[coalitions.Count * Outputs];
        var block = new TreeBlock(_trees);
        double[] scores = new double[TreeBlock.Rows * Outputs];
        for (int start = 0; start < count; start += TreeBlock.Rows)
        {
            int rows = Math.Min(TreeBlock.Rows, count - start);
            block.Fill(_trees, background.Rows.Values.Span.Slice(start * Features, rows * Features));
            float[] columns = [.. block.Columns];
            for (int c = 0; c < coalitions.Count; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> mask = coalitions.Mask.Span.Slice(c * Features, Features);
                for (int j = 0; j < _trees.Columns; j++)
                {
                    int feature = _trees.FeatureOf(j);
                    Span<float> column = block.Columns.AsSpan(j * TreeBlock.Rows, TreeBlock.Rows);
                    if (mask[feature] == 1)
                    {
                        column.Fill(_trees.ValueIn(j, row[feature]));
                    }
                    else
                    {
                        columns.AsSpan(j * TreeBlock.Rows, TreeBlock.Rows).CopyTo(column);
                    }
                }

                _evaluator.Run(block, rows);
                Answer(block, rows, scores);
                for (int i = 0; i < rows; i++)
                {
                    for (int o = 0; o < Outputs; o++)
                    {
                        values[(c * Outputs) + o] += background.Weights.Span[start + i] * scores[(i * Outputs) + o];
                    }
                }
            }
        }

        return values;
    }

    private static ScoreTransform? TransformOf(TreeEnsemble trees) => (trees.PostTransform, One: trees is { IsClassifier: true, Outputs: 1 }) switch
    {
        (PostTransform.None, true) => trees.MarginIsProbability ? ScoreTransform.Complement : ScoreTransform.Opposite,
        (PostTransform.None, false) => ScoreTransform.Identity,
        (PostTransform.Logistic, true) => ScoreTransform.LogisticPair,
        (PostTransform.Logistic, false) => ScoreTransform.Logistic,
        (PostTransform.Softmax, false) => ScoreTransform.Softmax,
        _ => null,
    };
}
