using MathNet.Numerics.Random;
using Sidecars.Explainers;
using Sidecars.Explainers.Shap;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>estimators MODEL [--rows n] [--seeds k] [--output …]</c>: the mean relative squared error of ways to choose coalitions and
/// to make values of them, by the number of coalitions.
/// </summary>
internal static class EstimatorsCommand
{
    private static readonly int[] Budgets = [48, 96, 192, 384, 768, 1536, 2048];

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        string model = arguments.Model;
        string output = arguments.Text("output") ?? (model.StartsWith("diabetes", StringComparison.Ordinal) ? "value" : "probability");
        ExactValues exact = ExactValues.Read(model, output, "identity", arguments.Number("rows") ?? 6);
        using var onnx = new OnnxModel(Kit.File($"models/{model}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        IScorer scorer = output == "margin" ? new MarginScorer(model) : new OnnxScorer(onnx, exact.Rows.Features);
        int m = exact.Players;
        int[] budgets = [.. Budgets.Where(budget => budget < Math.Pow(2, m) - 2)];
        int seeds = arguments.Number("seeds") ?? 10;

        var errors = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (int at = 0; at < budgets.Length; at++)
        {
            for (int seed = 0; seed < seeds; seed++)
            {
                CoalitionPairs byLeverage = PairSampler.Draw(m, [budgets[at] / 4, budgets[at] / 2], seed);
                CoalitionPairs byKernel = KernelPairs(m, budgets[at] / 2, seed);
                double[] leverageHalves = await HalvesAsync(scorer, exact, byLeverage);
                double[] kernelHalves = await HalvesAsync(scorer, exact, byKernel);
                foreach ((string name, CoalitionPairs pairs, double[] halves, IShapleyEstimator? estimator) in new (string, CoalitionPairs, double[], IShapleyEstimator?)[]
                {
                    ("least squares, kernel sizes", byKernel, kernelHalves, Regression(byKernel)),
                    ("least squares, leverage sizes", byLeverage, leverageHalves, Regression(byLeverage)),
                    ("Gaussian process, kernel sizes", byKernel, kernelHalves, new BayesianEstimator(byKernel)),
                    ("Gaussian process, leverage sizes", byLeverage, leverageHalves, new BayesianEstimator(byLeverage)),
                    ("adjusted: process on half, least squares on all", byLeverage, leverageHalves, Adjusted(m, budgets[at] / 2, byLeverage)),
                })
                {
                    errors.TryAdd(name, new double[budgets.Length]);
                    errors[name][at] += (estimator is null ? double.NaN : Error(exact, pairs, halves, estimator)) / seeds;
                }
            }
        }

        Console.WriteLine($"| {model} {output} | {string.Join(" | ", budgets)} |");
        Console.WriteLine($"|---|{string.Concat(budgets.Select(static _ => "---|"))}");
        foreach ((string name, double[] row) in errors)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", row.Select(static e => double.IsNaN(e) ? "" : FormattableString.Invariant($"{e:0.0e+0}")))} |");
        }

        return 0;
    }

    private static LeverageRegression? Regression(CoalitionPairs pairs) => pairs.Count > pairs.Players ? new LeverageRegression(pairs) : null;

    private static AdjustedEstimator? Adjusted(int m, int pairs, CoalitionPairs drawn) =>
        pairs > 4 * m ? new AdjustedEstimator(drawn, pairs / 2) : null;

    private static double Error(ExactValues exact, CoalitionPairs pairs, double[] halves, IShapleyEstimator estimator)
    {
        double[] values = new double[exact.Values.Length];
        double[] errors = new double[exact.Players];
        for (int game = 0; game < exact.Ids.Length * exact.Outputs; game++)
        {
            estimator.Estimate(
                halves.AsSpan(game * (pairs.Count + 1), pairs.Count + 1), values.AsSpan(game * exact.Players, exact.Players), errors);
        }

        return exact.RelativeSquaredError(values);
    }

    /// <summary>Sizes drawn by the Shapley kernel, pairs without replacement.</summary>
    private static CoalitionPairs KernelPairs(int m, int count, int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        double[] sizes = [.. Enumerable.Range(1, m - 1).Select(k => 1.0 / (k * (m - k)))];
        var drawn = new HashSet<ulong>();
        while (drawn.Count < count)
        {
            double at = random.NextDouble() * sizes.Sum();
            int size = 1;
            while (size < m - 1 && (at -= sizes[size - 1]) > 0)
            {
                size++;
            }

            int[] order = [.. Enumerable.Range(0, m)];
            ulong set = 0;
            for (int i = 0; i < size; i++)
            {
                int other = random.Next(i, m);
                (order[i], order[other]) = (order[other], order[i]);
                set |= 1UL << order[i];
            }

            // Of a pair the side without the last player stands for both.
            drawn.Add((set >> (m - 1) & 1) == 0 ? set : ~set & ((1UL << m) - 1));
        }

        return new CoalitionPairs(m, [.. drawn], false);
    }

    /// <summary>d of every pair and of the full coalition, for each row and output.</summary>
    private static async Task<double[]> HalvesAsync(IScorer scorer, ExactValues exact, CoalitionPairs pairs)
    {
        int m = exact.Players;
        int background = exact.Background.Rows.Rows;
        double[] halves = new double[exact.Ids.Length * exact.Outputs * (pairs.Count + 1)];
        for (int row = 0; row < exact.Ids.Length; row++)
        {
            float[] rows = new float[2 * (pairs.Count + 1) * background * m];
            for (int coalition = 0; coalition < 2 * (pairs.Count + 1); coalition++)
            {
                for (int b = 0; b < background; b++)
                {
                    for (int i = 0; i < m; i++)
                    {
                        bool stored = coalition / 2 == pairs.Count || pairs.Contains(coalition / 2, i);
                        rows[(((coalition * background) + b) * m) + i] = stored == (coalition % 2 == 0) ? exact.Rows[row][i] : exact.Background.Rows[b][i];
                    }
                }
            }

            Scores scores = await scorer.ScoreAsync(rows);
            for (int i = 0; i < scores.Values.Length; i++)
            {
                int coalition = i / scores.Outputs / background;
                halves[(((row * exact.Outputs) + (i % scores.Outputs)) * (pairs.Count + 1)) + (coalition / 2)] +=
                    (coalition % 2 == 0 ? 0.5 : -0.5) * scores.Values.Span[i] / background;
            }
        }

        return halves;
    }
}
