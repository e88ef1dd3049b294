using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class RuleSamplerTests
{
    // Columns 0 and 1 always agree, column 2 counts the rows.
    private static readonly TabularData Train = new([.. Enumerable.Range(0, 100).SelectMany(static i => (float[])[i % 4, i % 4, i])], 3);
    private static readonly RowIndex Index = new(Train);

    [Fact]
    public void Draw_OfARule_CopiesItsColumnsFromOneDonor()
    {
        Rule rule = Make(new AnchorPredicate(0, Gt: 0), new AnchorPredicate(1, Gt: 1));
        float[][] rows = Draw(rule, 400, new float[3]);
        rows.Should().OnlyContain(static r => r[0] == r[1] && r[0] >= 2);
        rows.Select(static r => r[0]).Distinct().Should().BeEquivalentTo([2f, 3f]);
        rows.Should().Contain(static r => r[2] % 4 != r[0]); // the rest is the base row's
    }

    [Fact]
    public void Draw_OfNoRule_IsTheBaseRow() =>
        Draw(Rule.Empty(Index.All), 50, new float[3]).Should().OnlyContain(static r => r[0] == r[1] && r[2] % 4 == r[0]);

    [Fact]
    public void Draw_OfARuleWithoutRows_TakesADonorForEachColumn()
    {
        Rule rule = Make(new AnchorPredicate(0, Equal: 1), new AnchorPredicate(1, Equal: 2));
        rule.Rows.Count.Should().Be(0);
        Draw(rule, 50, [1, 2, 0]).Should().OnlyContain(static r => r[0] == 1 && r[1] == 2);
    }

    [Fact]
    public void Draw_OfAnUnknownCategory_TakesTheRowsOwn() =>
        Draw(Make(new AnchorPredicate(0, Equal: 9)), 50, [9, 0, 0]).Should().OnlyContain(static r => r[0] == 9);

    [Fact]
    public void Draw_OfARangeWithoutRows_StaysInsideIt()
    {
        float[][] rows = Draw(Make(new AnchorPredicate(2, Gt: 10.25, Le: 10.75)), 200, [0, 0, 10.5f]);
        rows.Should().OnlyContain(static r => r[2] > 10.25 && r[2] <= 10.75);
        rows.Select(static r => r[2]).Distinct().Should().HaveCountGreaterThan(100);
    }

    [Fact]
    public void Draw_OfARangeBeyondTheData_TakesTheRowsOwn() =>
        Draw(Make(new AnchorPredicate(2, Gt: 99)), 20, [0, 0, 500]).Should().OnlyContain(static r => r[2] == 500);

    private static Rule Make(params AnchorPredicate[] predicates) =>
        Rule.Of(predicates.Select(static (p, i) => new Condition(i, p, Index.Rows(p))), Index.All);

    private static float[][] Draw(Rule rule, int count, float[] instance)
    {
        RowRandom random = new(1UL, instance);
        int[] bases = new int[count];
        for (int i = 0; i < count; i++)
        {
            bases[i] = random.Below(Train.Rows);
        }

        float[] rows = new float[count * 3];
        new RuleSampler(Train, instance).Draw(rule, bases, rows, new int[count], ref random);
        return [.. rows.Chunk(3)];
    }
}
