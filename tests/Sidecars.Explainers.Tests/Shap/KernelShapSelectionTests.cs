using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class KernelShapSelectionTests
{
    [Theory]
    [InlineData("num_features(3)")]
    [InlineData("aic")]
    [InlineData("bic")]
    [InlineData("auto")]
    [InlineData("0.0001")]
    public async Task Selection_OfASparseGame_FindsItsPlayers(string l1)
    {
        ShapExplanation answer = await ExplainAsync(l1);
        answer.Exact.Should().BeFalse();
        answer.Values[2].Should().BeApproximately(5, 0.05);
        answer.Values[7].Should().BeApproximately(-3, 0.05);
        answer.Values[11].Should().BeApproximately(2, 0.05);
        answer.Values.Sum().Should().BeApproximately(4.001, 1e-6);
    }

    [Fact]
    public async Task NumFeatures_OfOne_GivesItEverything()
    {
        ShapExplanation answer = await ExplainAsync("num_features(1)");
        answer.Values.Count(static v => v != 0).Should().Be(1);
        answer.Values[2].Should().BeApproximately(4.001, 1e-6);
    }

    [Fact]
    public async Task Penalty_OfMore_KeepsFewer()
    {
        int few = (await ExplainAsync("0.01")).Values.Count(static v => v != 0);
        int more = (await ExplainAsync("0.00001")).Values.Count(static v => v != 0);
        few.Should().BeLessThan(more);
    }

    [Fact]
    public void Lasso_AtAnyPoint_FulfilsItsConditions()
    {
        // Of a minimum: |x_jᵀ(y − Xβ)| ≤ λ, with equality and β's sign where β_j ≠ 0.
        var random = new Random(3);
        Matrix<double> x = DenseMatrix.Create(40, 8, (_, _) => random.NextDouble() - 0.5);
        Vector<double> y = DenseVector.Create(40, i => (3 * x[i, 1]) - (2 * x[i, 4]) + x[i, 1] + (random.NextDouble() * 0.5));
        double[] correlation = [.. x.TransposeThisAndMultiply(y)];
        IReadOnlyList<LassoPath.Knot> path = LassoPath.Trace(x.TransposeThisAndMultiply(x), correlation, 8, drops: true);
        path[^1].Lambda.Should().BeLessThan(1e-6 * path[0].Lambda);
        foreach (double lambda in path.Select(static knot => knot.Lambda).Append(path[0].Lambda / 3).Where(l => l > 1e-6 * path[0].Lambda))
        {
            Vector<double> beta = DenseVector.OfArray(LassoPath.At(path, lambda));
            Vector<double> left = x.TransposeThisAndMultiply(y - (x * beta));
            for (int j = 0; j < 8; j++)
            {
                Math.Abs(left[j]).Should().BeLessThanOrEqualTo(lambda * (1 + 1e-8));
                if (Math.Abs(beta[j]) > 1e-9)
                {
                    (left[j] * Math.Sign(beta[j])).Should().BeApproximately(lambda, 1e-8 * path[0].Lambda);
                }
            }
        }
    }

    private static async Task<ShapExplanation> ExplainAsync(string l1)
    {
        const int Players = 14;
        var scorer = new FunctionScorer(Players, static row =>
            [(5 * row[2]) - (3 * row[7]) + (2 * row[11]) + (0.001 * row[0] * row[1] * row[3])]);
        return await new KernelShap(Background.Uniform(new TabularData(new float[Players], Players))).ExplainAsync(
            scorer,
            new TabularData([.. Enumerable.Repeat(1f, Players)], Players),
            new ShapOptions { L1Reg = l1, NSamples = 600 });
    }
}
