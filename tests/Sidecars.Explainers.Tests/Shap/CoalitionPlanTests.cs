using System.Text.Json;
using CsCheck;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class CoalitionPlanTests
{
    [Fact]
    public void Draw_OfPairs_HasEachOnce() => Gen.Select(Gen.Int[2, 90], Gen.Int[1, 400], Gen.Int[0, 99]).Sample((players, pairs, seed) =>
    {
        pairs = (int)Math.Min(pairs, CoalitionPairs.CountFor(players));
        CoalitionPairs drawn = PairSampler.Draw(players, [pairs], seed);
        drawn.Count.Should().Be(pairs);
        var seen = new HashSet<string>();
        for (int pair = 0; pair < pairs; pair++)
        {
            drawn.Size(pair).Should().BeInRange(1, players - 1);
            bool[] side = [.. Enumerable.Range(0, players).Select(player => drawn.Contains(pair, player))];
            seen.Add(string.Concat(side.Select(inside => inside == side[0] ? 'a' : 'b'))).Should().BeTrue();
        }
    }, iter: 60);

    [Theory]
    [InlineData(12, 1036)]
    [InlineData(30, 1054)]
    [InlineData(100, 1124)]
    public void Allocation_OfABudget_EnumeratesSmallSizesAndIsEvenBeyond(int players, int pairs)
    {
        int[] taken = SizeAllocation.Allocate(players, pairs, 0.5);
        taken.Sum().Should().Be(pairs);
        int[] drawn = [.. Enumerable.Range(1, (players / 2) - 1).Where(k => taken[k] < SizeAllocation.PairsOfSize(players, k)).Select(k => taken[k])];
        (drawn.Max() - drawn.Min()).Should().BeLessThanOrEqualTo(1);
        taken[1].Should().Be(Math.Min(players, drawn.Max()), "a size gets all it has, or what the others get");
    }

    [Fact]
    public void Weights_OfAllPairs_AreTheShapleyKernel()
    {
        using JsonDocument units = JsonDocument.Parse(File.ReadAllBytes(Kit.File("golden/shapley_kernel.json")));
        foreach (JsonElement unit in units.RootElement.EnumerateArray().Where(static u => u.GetProperty("M").GetInt32() <= 12))
        {
            CoalitionPairs pairs = CoalitionPairs.All(unit.GetProperty("M").GetInt32());
            PairWeights weights = PairWeights.Of(pairs);
            for (int pair = 0; pair < pairs.Count; pair++)
            {
                double expected = unit.GetProperty("weight_by_size").GetProperty($"{pairs.Size(pair)}").GetDouble();
                weights.Fit[pair].Should().BeApproximately(expected, 1e-12);
                weights.Drawn[pair].Should().Be(1);
            }
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(10, 1022)]
    [InlineData(11, 2046)]
    public void Plan_OfAllCoalitions_IsComplete(int players, int samples)
    {
        CoalitionPlan plan = CoalitionPlan.Make(players, samples / 2, early: false, seed: 0);
        plan.Pairs.Complete.Should().BeTrue();
        plan.Pairs.Count.Should().Be(samples / 2);
        plan.EstimatorAt(0).Should().BeOfType<ExactEstimator>();
    }

    [Fact]
    public void Rungs_OfAnEarlyPlan_AreSamplesOfTheirOwn()
    {
        CoalitionPlan plan = CoalitionPlan.Make(12, 1036, early: true, seed: 3);
        plan.Rungs.Should().Equal(32, 64, 129, 259, 518, 1036);
        foreach (int count in plan.Rungs)
        {
            int[] sizes = [.. Enumerable.Range(0, count).Select(pair => Math.Min(plan.Pairs.Size(pair), 12 - plan.Pairs.Size(pair)))];
            int[] allocated = SizeAllocation.Allocate(12, count, 0.5);
            for (int size = 1; size <= 6; size++)
            {
                sizes.Count(s => s == size).Should().BeInRange(allocated[size] - 1, allocated[size] + 1);
            }
        }
    }

    [Fact]
    public void Cache_OverItsBound_LetsTheOldestGo()
    {
        var cache = new BoundedCache<int, int[]>(100, static value => value.Length);
        int made = 0;
        int[] Make() => new int[40 + (0 * made++)];
        cache.Get(1, Make);
        cache.Get(2, Make);
        cache.Get(1, Make);
        cache.Get(3, Make);
        (made, cache.Count, cache.Bytes).Should().Be((3, 2, 80L));
        cache.Get(1, Make);
        made.Should().Be(3);
        cache.Get(2, Make);
        made.Should().Be(4);
    }
}
