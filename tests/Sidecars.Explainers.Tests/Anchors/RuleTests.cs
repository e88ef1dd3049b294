using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class RuleTests
{
    private static readonly TabularData Train = new([1, 0, 2, 1, 3, 0, 4, 1, 5, 0], 2);
    private static readonly RowIndex Index = new(Train);

    private static readonly Condition Above1 = Make(0, new AnchorPredicate(0, Gt: 1));
    private static readonly Condition Above2 = Make(1, new AnchorPredicate(0, Gt: 2));
    private static readonly Condition UpTo4 = Make(2, new AnchorPredicate(0, Le: 4));
    private static readonly Condition IsZero = Make(3, new AnchorPredicate(1, Equal: 0));

    [Fact]
    public void With_TighterBound_TakesThePlaceOfTheLooser()
    {
        Rule rule = Rule.Empty(Index.All).With(Above1)!.With(Above2)!;
        rule.Conditions.Should().Equal(Above2);
        rule.Rows.Count.Should().Be(3);
    }

    [Fact]
    public void With_LooserBound_IsNothingNew() => Rule.Empty(Index.All).With(Above2)!.With(Above1).Should().BeNull();

    [Fact]
    public void Predicates_OfTwoSides_AreOneRange()
    {
        Rule rule = Rule.Of([Above2, IsZero, UpTo4], Index.All);
        rule.Predicates().Should().Equal(new AnchorPredicate(0, Gt: 2, Le: 4), new AnchorPredicate(1, Equal: 0));
        rule.Rows.Count.Should().Be(1);
        rule.Rows.Pick(0).Should().Be(2);
    }

    [Fact]
    public void Key_OfAnotherOrder_IsTheSame() =>
        Rule.Of([UpTo4, IsZero], Index.All).Key.Should().Be(Rule.Of([IsZero, UpTo4], Index.All).Key);

    [Fact]
    public void Names_OfPredicates_HaveTheDigitsThatPartTheData()
    {
        TabularSchema schema = new([new TabularFeature("mean area"), new TabularFeature("Sex", ["Female", "Male"])]);
        PredicateNames.Name(new AnchorPredicate(0, Gt: 0.061669997871, Le: 11.72000002861023), schema)
            .Should().Be("0.06167 < mean area <= 11.72");
        PredicateNames.Name(new AnchorPredicate(0, Le: 16777217), schema).Should().Be("mean area <= 16777217", "it lies between two float32 values");
        PredicateNames.Name(new AnchorPredicate(0, Gt: 28), schema).Should().Be("mean area > 28");
        PredicateNames.Name(new AnchorPredicate(0, Le: 0.5), schema).Should().Be("mean area <= 0.5");
        PredicateNames.Name(new AnchorPredicate(1, Equal: 1), schema).Should().Be("Sex = Male");
        PredicateNames.Name(new AnchorPredicate(1, Equal: 7), schema).Should().Be("Sex = 7");
    }

    private static Condition Make(int index, AnchorPredicate predicate) => new(index, predicate, Index.Rows(predicate));
}
