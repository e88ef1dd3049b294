using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The interventional game of a model's answers where they are no sum over trees: probabilities behind a logistic function
/// or softmax, or a link over the averaged answer. Exact, by the answers to all coalitions of the players on which the trees
/// tell the row and the background apart.
/// </summary>
internal sealed class AnswerGame(TreeEnsemble trees, PlayerMap players, Background background, ShapLink link)
{
    private readonly BetaTable _beta = new(PairMargins.MaxPlayers + 1);

    /// <summary>The answers to a row of which nothing is known, on the scale of the link.</summary>
    public double[] Expected { get; } = ExpectedOver(trees, background, link);

    /// <summary>Plays the game for every row.</summary>
    /// <exception cref="InferenceException">Too many players differ.</exception>
    public ShapSums Play(TabularData rows, bool interactions, ShapReporter? reporter, RowBlocks blocks)
    {
        var sums = new ShapSums(rows.Rows, trees.Answers, players.Count, interactions);
        blocks.Play(rows.Rows, 1, (row, _) =>
        {
            if (link == ShapLink.Identity)
            {
                AddPairs(rows[row], row, sums, blocks.Cancellation);
            }
            else
            {
                AddUnion(rows[row], row, sums, blocks.Cancellation);
            }

            if (interactions)
            {
                sums.FinishInteractions(row);
            }

            reporter?.RowDone();
        });
        return sums;
    }

    // Without a link the game is the weighted sum of the games against the single rows of the background.
    private void AddPairs(ReadOnlySpan<float> row, int index, ShapSums sums, CancellationToken cancellation)
    {
        var pair = new PairMargins(trees, players);
        double[] answers = [];
        for (int b = 0; b < background.Rows.Rows; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            pair.Fill(row, background.Rows[b]);
            answers = Answers(pair, answers);
            Add(answers, pair.Coalitions, pair.Players, background.Weights.Span[b], index, sums);
        }
    }

    private void AddUnion(ReadOnlySpan<float> row, int index, ShapSums sums, CancellationToken cancellation)
    {
        // 1. Who differs from any row of the background.
        var pair = new PairMargins(trees, players);
        var union = new List<int>();
        for (int b = 0; b < background.Rows.Rows; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            pair.Fill(row, background.Rows[b]);
            union.AddRange(pair.Players.Except(union));
        }

        PairMargins.Check(union.Count);

        // 2. The averaged answers to their coalitions.
        int size = 1 << union.Count;
        double[] mean = new double[size * trees.Answers], answers = [];
        int[] part = new int[size];
        for (int b = 0; b < background.Rows.Rows; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            pair.Fill(row, background.Rows[b]);
            answers = Answers(pair, answers);
            for (int s = 1; s < size; s++)
            {
                int local = pair.Players.IndexOf(union[System.Numerics.BitOperations.TrailingZeroCount(s)]);
                part[s] = part[s & (s - 1)] | (local < 0 ? 0 : 1 << local);
            }

            double weight = background.Weights.Span[b];
            for (int c = 0; c < trees.Answers; c++)
            {
                for (int s = 0; s < size; s++)
                {
                    mean[(c * size) + s] += weight * answers[(c * pair.Coalitions) + part[s]];
                }
            }
        }

        // 3. The game is the link of them.
        foreach (ref double value in mean.AsSpan())
        {
            value = LinkFunction.Apply(link, value);
        }

        Add(mean, size, union, 1, index, sums);
    }

    // The answers by coalition, [answers, 2^m], in the given array if it is large enough.
    private double[] Answers(PairMargins pair, double[] room)
    {
        int size = pair.Coalitions, outputs = trees.Outputs;
        double[] answers = room.Length >= size * trees.Answers ? room : new double[size * trees.Answers];
        Span<double> margins = stackalloc double[outputs], one = stackalloc double[trees.Answers];
        for (int s = 0; s < size; s++)
        {
            for (int o = 0; o < outputs; o++)
            {
                margins[o] = pair.Margins[(o * size) + s];
            }

            trees.Answer(margins, one);
            for (int c = 0; c < one.Length; c++)
            {
                answers[(c * size) + s] = one[c];
            }
        }

        return answers;
    }

    private void Add(double[] game, int size, List<int> on, double weight, int index, ShapSums sums)
    {
        int m = on.Count;
        Span<double> phi = stackalloc double[m];
        for (int c = 0; c < sums.Outputs; c++)
        {
            ReadOnlySpan<double> values = game.AsSpan(c * size, size);
            CoalitionValues.Shapley(values, _beta, phi);
            int at = (index * sums.Outputs) + c;
            for (int i = 0; i < m; i++)
            {
                sums.Values[(at * sums.Players) + on[i]] += weight * phi[i];
                for (int j = i + 1; sums.Interactions is not null && j < m; j++)
                {
                    int cell = (Math.Min(on[i], on[j]) * sums.Players) + Math.Max(on[i], on[j]);
                    sums.Interactions[(at * sums.Players * sums.Players) + cell] +=
                        weight * CoalitionValues.Interaction(values, _beta, m, i, j);
                }
            }
        }
    }

    private static double[] ExpectedOver(TreeEnsemble trees, Background background, ShapLink link)
    {
        double[] expected = new double[trees.Answers], margins = new double[trees.Outputs], answers = new double[trees.Answers];
        for (int row = 0; row < background.Rows.Rows; row++)
        {
            trees.Margins(background.Rows[row], margins);
            trees.Answer(margins, answers);
            for (int c = 0; c < expected.Length; c++)
            {
                expected[c] += background.Weights.Span[row] * answers[c];
            }
        }

        return [.. expected.Select(p => LinkFunction.Apply(link, p))];
    }
}
