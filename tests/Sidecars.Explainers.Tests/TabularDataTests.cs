namespace Sidecars.Explainers.Tests;

public sealed class TabularDataTests
{
    [Fact]
    public void Row_OfTwo_IsItsOwn() => new TabularData([1, 2, 3, 4, 5, 6], 3)[1].ToArray().Should().Equal(4, 5, 6);

    [Fact]
    public void Values_ThatMakeNoRows_AreRefused() =>
        FluentActions.Invoking(static () => new TabularData([1, 2, 3], 2)).Should().Throw<ArgumentException>().WithMessage("3 values do not make rows of 2.*");
}
