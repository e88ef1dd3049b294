using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Tabular;

public sealed class RowRandomTests
{
    [Fact]
    public void Sequence_OfSeedAndRow_IsTheirsAlone()
    {
        Take(new RowRandom(1, [2, 3])).Should().Equal(Take(new RowRandom(1, [2, 3])));
        Take(new RowRandom(1, [2, 3])).Should().NotEqual(Take(new RowRandom(2, [2, 3])));
        Take(new RowRandom(1, [2, 3])).Should().NotEqual(Take(new RowRandom(1, [3, 2])));
    }

    [Fact]
    public void Below_ManyTimes_IsEven()
    {
        RowRandom random = new(0, [1]);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Below(7)]++;
        }

        // Chi-square with 6 degrees of freedom: above 27.9 once in ten thousand seeds.
        counts.Sum(static c => (c - 10_000.0) * (c - 10_000.0) / 10_000.0).Should().BeLessThan(27.9);
    }

    private static int[] Take(RowRandom random)
    {
        int[] taken = new int[20];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = random.Below(1_000_000);
        }

        return taken;
    }
}
