using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class ArmPoolTests
{
    private static readonly TabularData Train = new([.. Enumerable.Range(0, 64).SelectMany(static i => Enumerable.Range(0, 6).Select(bit => (float)((i >> bit) & 1)))], 6);
    private static readonly RowIndex Index = new(Train);

    [Fact]
    public void Extend_OfAFullPool_StopsGrowing()
    {
        // A rule of 64 training rows counts as 1032 bytes: there is room for three besides the empty one.
        ArmPool pool = Pool(mostBytes: 4 * 1032);
        Arm empty = pool.Find(Rule.Empty(Index.All));
        pool.HasRoom.Should().BeTrue();
        pool.Extend([empty], -1).Should().HaveCount(3);
        pool.HasRoom.Should().BeFalse();
        pool.Extend([empty], -1).Should().BeEmpty();
    }

    [Fact]
    public void Extend_WithRoom_HasEveryCondition() =>
        Pool().Extend([Pool().Find(Rule.Empty(Index.All))], -1).Should().HaveCount(6);

    private static ArmPool Pool(long mostBytes = 1 << 20) => new(
        [.. Enumerable.Range(0, 6).Select(static i => new AnchorPredicate(i, Equal: 1)).Select(static (p, i) => new Condition(i, p, Index.Rows(p)))],
        Index.All, new AnchorTabularOptions(), mostBytes);
}
