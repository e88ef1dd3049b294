using CsCheck;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Tabular;

public sealed class RowSetTests
{
    [Fact]
    public void Pick_OfEveryRank_IsTheRowOfThatRank() =>
        Gen.Bool.Array[1, 300].Sample(static bits =>
        {
            RowSet set = RowSet.Where(bits.Length, row => bits[row]);
            int[] rows = [.. Enumerable.Range(0, bits.Length).Where(row => bits[row])];
            set.Count.Should().Be(rows.Length);
            Enumerable.Range(0, set.Count).Select(set.Pick).Should().Equal(rows);
        }, iter: 200);

    [Fact]
    public void Intersect_OfTwoSets_HoldsTheRowsOfBoth() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 7], Gen.Int[1, 7]).Sample(static (rows, a, b) =>
        {
            RowSet both = RowSet.Intersect(RowSet.Where(rows, r => r % a == 0), RowSet.Where(rows, r => r % b == 0));
            int[] expected = [.. Enumerable.Range(0, rows).Where(r => r % a == 0 && r % b == 0)];
            Enumerable.Range(0, both.Count).Select(both.Pick).Should().Equal(expected);
            Enumerable.Range(0, rows).Where(both.Contains).Should().Equal(expected);
        }, iter: 200);
}
