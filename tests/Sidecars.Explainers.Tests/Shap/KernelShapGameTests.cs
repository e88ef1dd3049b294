using CsCheck;
using MathNet.Numerics;
using Sidecars.Explainers.Tests.Scoring;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>Games whose values are known: a row of ones against a background of zeros makes any set function a model.</summary>
public sealed class KernelShapGameTests
{
    [Theory]
    [InlineData(4, null)]
    [InlineData(10, null)]
    [InlineData(40, 400)]
    [InlineData(100, 500)]
    public async Task Additive_OfAnySize_IsFoundExactly(int players, int? samples)
    {
        double[] weights = [.. Enumerable.Range(0, players).Select(static i => Math.Sin(i + 1))];
        ShapExplanation answer = await PlayAsync(players, row => weights.Zip(row, static (w, x) => w * x).Sum(), samples);
        answer.Exact.Should().Be(players <= 11);
        Ort.Distance(answer.Values, weights).Should().BeLessThan(1e-6);
        answer.StandardErrors.Should().Match(errors => errors == null || ((double[])errors).Max() < 1e-5);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(15, 700)]
    [InlineData(15, 60)]
    [InlineData(41, 500)]
    public async Task Majority_OfAnySize_GivesEachTheSame(int players, int? samples)
    {
        // Symmetric players have the same value; sampled values are so within their errors.
        ShapExplanation answer = await PlayAsync(players, row => row.Sum() > players / 2 ? 1 : 0, samples);
        for (int i = 0; i < players; i++)
        {
            answer.Values[i].Should().BeApproximately(1.0 / players, (4.5 * (answer.StandardErrors?[i] ?? 0)) + 1e-12);
        }
    }

    [Fact]
    public async Task Unanimity_OfThree_SharesAmongThem()
    {
        ShapExplanation answer = await PlayAsync(6, static row => row[0] * row[2] * row[5], interactions: true);
        answer.Values.Should().BeEquivalentTo([1 / 3.0, 0, 1 / 3.0, 0, 0, 1 / 3.0], Within(1e-12));

        // The interaction index of a pair of three is 1/2: half of it stands on either side of the diagonal.
        answer.Interactions![(0 * 6) + 2].Should().BeApproximately(0.25, 1e-12);
        answer.Interactions[(5 * 6) + 0].Should().BeApproximately(0.25, 1e-12);
        answer.Interactions[(0 * 6) + 1].Should().BeApproximately(0, 1e-12);
        answer.Interactions[(0 * 6) + 0].Should().BeApproximately((1 / 3.0) - 0.5, 1e-12);
    }

    [Fact]
    public async Task Glove_OneLeftTwoRight_GivesTheLeftMost()
    {
        ShapExplanation answer = await PlayAsync(3, static row => Math.Min(row[0], row[1] + row[2]));
        answer.Values.Should().BeEquivalentTo([2 / 3.0, 1 / 6.0, 1 / 6.0], Within(1e-12));
    }

    [Fact]
    public Task AllCoalitions_OfRandomGames_MatchShapleysFormula() => Gen.Select(Gen.Int[2, 7], Gen.Int[0, 1000]).SampleAsync(async (players, seed) =>
    {
        Func<float[], double> game = RandomGame(players, seed);
        ShapExplanation answer = await PlayAsync(players, game, interactions: true);
        Ort.Distance(answer.Values, BruteForce(players, game)).Should().BeLessThan(1e-12);
        Ort.Distance(answer.Interactions, BruteForceInteractions(players, game)).Should().BeLessThan(1e-12);
    }, iter: 40);

    [Fact]
    public Task Values_OfAnyBudget_AddUp() => Gen.Select(Gen.Int[2, 16], Gen.Int[1, 300], Gen.Int[0, 1000]).SampleAsync(async (players, samples, seed) =>
    {
        Func<float[], double> game = RandomGame(players, seed);
        ShapExplanation answer = await PlayAsync(players, game, samples, seed);
        answer.Values.Sum().Should().BeApproximately(answer.RawPrediction[0] - answer.ExpectedValue[0], 1e-10);
        answer.Samples.Should().BeLessThanOrEqualTo(samples);
        answer.Values.Concat(answer.StandardErrors ?? []).Should().OnlyContain(static v => double.IsFinite(v));
    }, iter: 40);

    [Theory]
    [InlineData("off")]
    [InlineData("aic")]
    [InlineData("num_features(2)")]
    public async Task Values_OfTheSmallestBudgets_AddUp(string l1)
    {
        // With few pairs two players may always be on the same side: nothing tells them apart.
        foreach ((int players, int samples) in from players in Enumerable.Range(2, 12) from samples in Enumerable.Range(1, 30) select (players, samples))
        {
            ShapExplanation answer = await PlayAsync(players, RandomGame(players, samples), samples, samples, l1: l1);
            answer.Values.Sum().Should().BeApproximately(answer.RawPrediction[0] - answer.ExpectedValue[0], 1e-9);
            answer.Values.Concat(answer.StandardErrors ?? []).Should().OnlyContain(static v => double.IsFinite(v));
        }
    }

    [Fact]
    public Task Values_OfSums_AreSums() => Gen.Select(Gen.Int[3, 13], Gen.Int[0, 1000]).SampleAsync(async (players, seed) =>
    {
        // Exactly for all coalitions; for samples up to how the two games' priors are weighed.
        Func<float[], double> a = RandomGame(players, seed);
        Func<float[], double> b = RandomGame(players, seed + 1);
        ShapExplanation first = await PlayAsync(players, a, 126);
        ShapExplanation second = await PlayAsync(players, b, 126);
        ShapExplanation both = await PlayAsync(players, row => a(row) + b(row), 126);
        double tolerance = both.Exact ? 1e-12 : 0.2 * both.StandardErrors!.Max();
        Ort.Distance(both.Values, [.. first.Values.Zip(second.Values, static (x, y) => x + y)]).Should().BeLessThan(tolerance);
    }, iter: 20);

    [Fact]
    public Task Dummy_OfAnEnumeratedGame_GetsItsOwn() => Gen.Select(Gen.Int[2, 8], Gen.Int[0, 1000]).SampleAsync(async (players, seed) =>
    {
        Func<float[], double> game = RandomGame(players, seed);
        ShapExplanation answer = await PlayAsync(players + 1, row => game(row[..players]) + (3 * row[players]));
        answer.Values[players].Should().BeApproximately(3, 1e-12);
        Ort.Distance(answer.Values.AsSpan(0, players), BruteForce(players, game)).Should().BeLessThan(1e-12);
    }, iter: 20);

    [Fact]
    public async Task StandardErrors_OfManyGames_CoverTheTruth()
    {
        int covered = 0;
        int all = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            Func<float[], double> game = SmoothGame(9, seed);
            double[] truth = BruteForce(9, game);
            foreach (int samples in new[] { 60, 160, 320 })
            {
                ShapExplanation answer = await PlayAsync(9, game, samples, seed);
                all += truth.Length;
                covered += truth.Where((value, i) => Math.Abs(value - answer.Values[i]) <= 1.96 * answer.StandardErrors![i]).Count();
            }
        }

        ((double)covered / all).Should().BeInRange(0.90, 0.99);
    }

    [Fact]
    public async Task Budget_BeyondTheProcess_KeepsImproving()
    {
        // 13 players have 4095 pairs; 2048 is the most that a process learns from.
        Func<float[], double> game = SmoothGame(13, 3);
        double[] truth = BruteForce(13, game);
        ShapExplanation answer = await PlayAsync(13, game, 5000);
        answer.Exact.Should().BeFalse();
        double error = truth.Select((value, i) => Math.Pow(answer.Values[i] - value, 2)).Sum() / truth.Sum(static v => v * v);
        error.Should().BeLessThan(1e-5);
        answer.Values.Sum().Should().BeApproximately(answer.RawPrediction[0] - answer.ExpectedValue[0], 1e-10);
        truth.Select((value, i) => Math.Abs(value - answer.Values[i]) <= 3 * answer.StandardErrors![i]).Count(static ok => ok).Should().BeGreaterThan(10);
    }

    internal static async Task<ShapExplanation> PlayAsync(
        int players, Func<float[], double> game, int? samples = null, int seed = 0, bool interactions = false, string l1 = "off")
    {
        float[] row = [.. Enumerable.Repeat(1f, players)];
        var shap = new KernelShap(Background.Uniform(new TabularData(new float[players], players)));
        return await shap.ExplainAsync(
            new FunctionScorer(players, values => [game(values)]),
            new TabularData(row, players),
            new ShapOptions { NSamples = samples, Seed = seed, Interactions = interactions, L1Reg = l1 });
    }

    private static Func<float[], double> RandomGame(int players, int seed)
    {
        var random = new Random(seed);
        double[] table = [.. Enumerable.Range(0, 1 << players).Select(_ => random.NextDouble())];
        return row => table[Index(row)];
    }

    /// <summary>A squashed sum with some products: what models look like.</summary>
    private static Func<float[], double> SmoothGame(int players, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, players * players).Select(_ => random.NextDouble() - 0.5)];
        return row =>
        {
            double sum = 0;
            for (int i = 0; i < players; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    sum += weights[(i * players) + j] * row[i] * row[j] * (i == j ? 2 : 1);
                }
            }

            return 1 / (1 + Math.Exp(-sum));
        };
    }

    private static int Index(float[] row) => row.Select(static (x, i) => x > 0.5 ? 1 << i : 0).Sum();

    private static float[] Row(int set, int players) => [.. Enumerable.Range(0, players).Select(i => (float)((set >> i) & 1))];

    private static double[] BruteForce(int players, Func<float[], double> game)
    {
        double[] worth = [.. Enumerable.Range(0, 1 << players).Select(set => game(Row(set, players)))];
        return [.. Enumerable.Range(0, players).Select(i => Enumerable.Range(0, 1 << players)
            .Where(set => ((set >> i) & 1) == 0)
            .Sum(set => (worth[set | (1 << i)] - worth[set]) / (players * SpecialFunctions.Binomial(players - 1, int.PopCount(set)))))];
    }

    private static double[] BruteForceInteractions(int players, Func<float[], double> game)
    {
        double[] values = BruteForce(players, game);
        double[] matrix = new double[players * players];
        for (int i = 0; i < players; i++)
        {
            for (int j = 0; j < players; j++)
            {
                if (i != j)
                {
                    matrix[(i * players) + j] = Enumerable.Range(0, 1 << players).Where(set => (set >> i & 1) == 0 && (set >> j & 1) == 0).Sum(set =>
                        (game(Row(set | 1 << i | 1 << j, players)) - game(Row(set | 1 << i, players)) - game(Row(set | 1 << j, players)) + game(Row(set, players)))
                        / ((players - 1) * SpecialFunctions.Binomial(players - 2, int.PopCount(set)))) / 2;
                }
            }

            matrix[(i * players) + i] = values[i] - Enumerable.Range(0, players).Where(j => j != i).Sum(j => matrix[(i * players) + j]);
        }

        return matrix;
    }

    private static Func<FluentAssertions.Equivalency.EquivalencyAssertionOptions<double>, FluentAssertions.Equivalency.EquivalencyAssertionOptions<double>> Within(double tolerance) =>
        options => options.WithStrictOrdering().Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, tolerance)).WhenTypeIs<double>();
}
