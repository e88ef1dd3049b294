using CsCheck;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class LinearScorerTests
{
    [Fact]
    public void Game_OfRandomModels_IsTheGameOfItsRows() => Models.Sample(
        static example => Games.Distance(new LinearScorer(example.Model), example.Row, example.Coalitions, example.Background) < 1e-12, iter: 300);

    [Fact]
    public void Game_OfLargeMargins_IsTheGameOfItsRows() => Models.Sample(
        static example => Games.Distance(
            new LinearScorer(Steep(example.Model)), example.Row, example.Coalitions, example.Background) < 1e-9, iter: 100);

    [Fact]
    public void Game_WithMissingValues_IsTheGameOfItsRows() => Models.Sample(
        static example =>
        {
            float[] row = [.. example.Row];
            row[0] = float.NaN;
            float[] rows = example.Background.Rows.Values.ToArray();
            rows[^1] = float.NaN;
            Background background = Background.Uniform(new TabularData(rows, row.Length));
            return Games.Distance(new LinearScorer(example.Model), row, example.Coalitions, background) < 1e-12;
        }, iter: 100);

    [Fact]
    public async Task Scorer_OfManyThreads_GivesEachTheSame()
    {
        var scorer = new LinearScorer(LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!);
        TabularData rows = Kit.Rows("data/breast_cancer10.test.csv");
        Scores alone = await scorer.ScoreAsync(rows.Values);
        Scores[] together = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await scorer.ScoreAsync(rows.Values))));
        together.Should().AllSatisfy(s => s.Values.ToArray().Should().Equal(alone.Values.ToArray()));
    }

    [Fact]
    public async Task Scorer_Cancelled_Stops()
    {
        var scorer = new LinearScorer(LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!);
        TabularData rows = Kit.Rows("data/breast_cancer10.test.csv");
        await FluentActions.Awaiting(async () => await scorer.ScoreAsync(rows.Values, new CancellationToken(true))).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(async () => await scorer.ScoreCoalitionsAsync(rows[0].ToArray(), Games.All(10), Background.Uniform(rows), new CancellationToken(true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    private sealed record Example(LinearModel Model, float[] Row, Background Background, CoalitionSet Coalitions);

    private static readonly Gen<Example> Models =
        from features in Gen.Int[1, 14]
        from transform in Gen.Enum<ScoreTransform>()
        from seed in Gen.Int[0, 1_000_000]
        from background in Gen.Int[1, 21]
        select Make(features, transform, seed, background);

    private static Example Make(int features, ScoreTransform transform, int seed, int backgroundRows)
    {
        var random = new Random(seed);
        int margins = transform is ScoreTransform.Complement or ScoreTransform.Opposite or ScoreTransform.LogisticPair ? 1 : random.Next(1, 4);
        var model = new LinearModel
        {
            Features = features,
            Margins = margins,
            Outputs = transform.Outputs(margins),
            Intercepts = Numbers(margins),
            Slopes = [.. Enumerable.Range(0, features).Select(j => j % 3 == 1 ? null : Numbers(margins))],
            Tables = [.. Enumerable.Range(0, features).Select(j => j % 2 == 0 ? null : new CategoryTable([0, 1, 2, j == 3 ? 1_000_000 : 3], Numbers(4 * margins)))],
            Transform = transform,
            Kind = ScoreKind.Probability,
        };
        return new Example(model, Row(), Games.Weighted(new TabularData([.. Enumerable.Range(0, backgroundRows).SelectMany(_ => Row())], features), random), Games.Random(features, 20, random));

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 4) - 2)];
        float[] Row() => [.. Enumerable.Range(0, features).Select(_ => random.Next(2) == 0 ? random.Next(-1, 5) : (float)random.NextDouble() * 3)];
    }

    private static LinearModel Steep(LinearModel model) => new()
    {
        Features = model.Features,
        Margins = model.Margins,
        Outputs = model.Transform is ScoreTransform.Logistic or ScoreTransform.LogisticPair ? model.Outputs : model.Margins,
        Intercepts = model.Intercepts,
        Slopes = Array.ConvertAll(model.Slopes, static s => s is null ? null : Array.ConvertAll(s, static v => v * 500)),
        Tables = model.Tables,
        Transform = model.Transform is not (ScoreTransform.Logistic or ScoreTransform.LogisticPair) ? ScoreTransform.Softmax : model.Transform,
        Kind = model.Kind,
    };
}
