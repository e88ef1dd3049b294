namespace Sidecars.Explainers.Tests.Tabular;

public sealed class BackgroundSummaryTests
{
    [Fact]
    public void KMeans_OfClusters_FindsThemAndTheirSizes()
    {
        // Three heaps of 60, 30 and 10 rows, far apart, of which each has one middle.
        float[] values = [.. Enumerable.Range(0, 100).SelectMany(static i => i switch
        {
            < 60 => new[] { 0f + (i % 3) - 1, 0 },
            < 90 => [100f + (i % 3) - 1, 5],
            _ => [0f, 1000],
        })];
        Background background = BackgroundSummary.KMeans(new TabularData(values, 2), 3);
        background.Method.Should().Be("kmeans");
        background.Weights.ToArray().Should().BeEquivalentTo([0.6, 0.3, 0.1]);
        Enumerable.Range(0, 3).Select(i => (background.Rows[i][0], background.Rows[i][1], background.Weights.Span[i]))
            .Should().BeEquivalentTo([(0f, 0f, 0.6), (100f, 5f, 0.3), (0f, 1000f, 0.1)]);
    }

    [Fact]
    public void KMeans_Coordinates_OccurInTheirColumns()
    {
        TabularData data = Kit.Rows("data/breast_cancer10.train.csv");
        Background background = BackgroundSummary.KMeans(data, 20);
        background.Rows.Rows.Should().Be(20);
        background.Weights.ToArray().Sum().Should().BeApproximately(1, 1e-12);
        background.Weights.ToArray().Should().OnlyContain(static w => w > 0);
        for (int column = 0; column < data.Features; column++)
        {
            Column(background.Rows, column).Should().BeSubsetOf(Column(data, column));
        }
    }

    [Fact]
    public void KMeans_Twice_IsTheSame()
    {
        TabularData data = Kit.Rows("data/diabetes.train.csv");
        BackgroundSummary.KMeans(data, 15).Rows.Values.ToArray().Should().Equal(BackgroundSummary.KMeans(data, 15).Rows.Values.ToArray());
    }

    [Fact]
    public void KMeans_WithFewerDifferentRows_HasNoEmptyClusters()
    {
        TabularData data = new([.. Enumerable.Range(0, 50).SelectMany(static i => new float[] { i % 4, 7 })], 2);
        Background background = BackgroundSummary.KMeans(data, 10);
        background.Weights.Length.Should().BeLessThanOrEqualTo(4);
        background.Weights.ToArray().Sum().Should().BeApproximately(1, 1e-12);
        Column(background.Rows, 0).Should().BeEquivalentTo([0f, 1, 2, 3]);
    }

    [Fact]
    public void KMeans_MissingValues_StandAtTheMean()
    {
        float[] values = [.. Enumerable.Range(0, 60).SelectMany(static i => new[] { i < 30 ? 0f : 10f, i % 2 == 0 ? float.NaN : 3f, float.NaN })];
        Background background = BackgroundSummary.KMeans(new TabularData(values, 3), 2);
        background.Rows.Rows.Should().Be(2);
        Column(background.Rows, 0).Should().BeEquivalentTo([0f, 10f]);
        Column(background.Rows, 1).Should().OnlyContain(static v => v == 3);
        Column(background.Rows, 2).Should().OnlyContain(static v => float.IsNaN(v));
    }

    [Fact]
    public void KMeans_AsManyAsThereAre_IsTheData()
    {
        TabularData data = new([1, 2, 3, 4], 2);
        BackgroundSummary.KMeans(data, 2).Rows.Values.ToArray().Should().Equal(1, 2, 3, 4);
        BackgroundSummary.Sample(data, 5, 0).Rows.Values.ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void Sample_OfRows_HasEachOnceInOrder()
    {
        TabularData data = new([.. Enumerable.Range(0, 1000).Select(static i => (float)i)], 1);
        Background background = BackgroundSummary.Sample(data, 100, 7);
        background.Method.Should().Be("sample");
        background.Weights.ToArray().Should().OnlyContain(static w => w == 0.01);
        background.Rows.Values.ToArray().Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        background.Rows.Values.ToArray().Should().Equal(BackgroundSummary.Sample(data, 100, 7).Rows.Values.ToArray());
        background.Rows.Values.ToArray().Should().NotEqual(BackgroundSummary.Sample(data, 100, 8).Rows.Values.ToArray());
    }

    private static float[] Column(TabularData data, int column) => [.. Enumerable.Range(0, data.Rows).Select(i => data[i][column])];
}
