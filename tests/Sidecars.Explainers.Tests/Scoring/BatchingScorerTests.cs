using Microsoft.Extensions.Time.Testing;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class BatchingScorerTests : IAsyncLifetime
{
    private readonly GatedScorer _model = new();
    private readonly FakeTimeProvider _time = new();
    private BatchingScorer? _scorer;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // A test that failed half way leaves runs at their gates.
        _model.OpenAll();
        if (_scorer is not null)
        {
            await _scorer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Score_Alone_RunsAtOnceWithItsOwnRows()
    {
        BatchingScorer scorer = Create();

        Task<Scores> first = Score(scorer, 1, 2);
        (await _model.NextAsync()).Finish();
        (await first).Values.ToArray().Should().Equal(2, 4);

        // Once more: nobody else is expected, so nothing waits for the clock.
        Task<Scores> second = Score(scorer, 3);
        (await _model.NextAsync()).Finish();
        (await second).Values.ToArray().Should().Equal(6);
        scorer.Runs.Should().Be(2);
        scorer.Rows.Should().Be(3);
    }

    [Fact]
    public async Task Score_WhileARunGoesOn_GoTogetherInOrder()
    {
        BatchingScorer scorer = Create();
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        Task<Scores>[] others = [Score(scorer, 2, 3), Score(scorer, 4), Score(scorer, 5, 6)];

        alone.Finish();
        (await first).Values.ToArray().Should().Equal(2);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        GatedScorer.Run together = await _model.NextAsync();
        together.Rows.Should().Equal(2, 3, 4, 5, 6);
        together.Finish();

        (await others[0]).Values.ToArray().Should().Equal(4, 6);
        (await others[1]).Values.ToArray().Should().Equal(8);
        (await others[2]).Values.ToArray().Should().Equal(10, 12);
        scorer.Calls.Should().Be(4);
        scorer.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Score_CallersWhoComeBack_AreWaitedForUntilTheLast()
    {
        BatchingScorer scorer = Create();
        await MergeAsync(scorer);

        // Three took part in the last run: three are expected, and the third starts the next.
        Task<Scores> a = Score(scorer, 11);
        Task<Scores> b = Score(scorer, 12);
        _model.HasNext.Should().BeFalse();
        Task<Scores> c = Score(scorer, 13);
        GatedScorer.Run run = await _model.NextAsync();
        run.Rows.Should().Equal(11, 12, 13);
        run.Finish();
        await Task.WhenAll(a, b, c);
    }

    [Fact]
    public async Task Score_CallersWhoDoNotComeBack_AreWaitedForOnlySoLong()
    {
        BatchingScorer scorer = Create();
        await MergeAsync(scorer);
        Task<Scores> a = Score(scorer, 11);
        _time.Advance(TimeSpan.FromMilliseconds(1.9));
        _model.HasNext.Should().BeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(0.1));

        (await _model.NextAsync()).Finish();
        (await a).Values.ToArray().Should().Equal(22);
    }

    [Fact]
    public async Task Score_LongCall_LetsShortOnesThrough()
    {
        BatchingScorer scorer = Create(new BatchingOptions { MaxRows = 4 });
        Task<Scores> large = Score(scorer, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        GatedScorer.Run first = await _model.NextAsync();
        first.Rows.Should().Equal(1, 2, 3, 4);
        Task<Scores> small = Score(scorer, 20);

        first.Finish();
        GatedScorer.Run second = await _model.NextAsync();
        second.Rows.Should().Equal(5, 6, 7, 20);
        second.Finish();

        (await small).Values.ToArray().Should().Equal(40);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        GatedScorer.Run third = await _model.NextAsync();
        third.Rows.Should().Equal(8, 9, 10);
        third.Finish();
        (await large).Values.ToArray().Should().Equal(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
    }

    [Fact]
    public async Task Score_BadRowsOfOne_CostTheOthersNothing()
    {
        BatchingScorer scorer = Create();
        _model.Poison.Add(3);
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        Task<Scores> good = Score(scorer, 2);
        Task<Scores> bad = Score(scorer, 3);
        Task<Scores> alsoGood = Score(scorer, 4);
        alone.Finish();
        await first;
        _time.Advance(TimeSpan.FromMilliseconds(2));
        for (int i = 0; i < 4; i++)
        {
            (await _model.NextAsync()).Finish();
        }

        (await good).Values.ToArray().Should().Equal(4);
        (await alsoGood).Values.ToArray().Should().Equal(8);
        await bad.Invoking(static t => t).Should().ThrowAsync<InferenceException>().WithMessage("row 3 is poison");
        scorer.Runs.Should().Be(5);
    }

    [Fact]
    public async Task Score_CanceledWhileWaiting_IsNotSent()
    {
        BatchingScorer scorer = Create();
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        using var cancellation = new CancellationTokenSource();
        Task<Scores> gone = scorer.ScoreAsync(new float[] { 2 }, cancellation.Token).AsTask();
        Task<Scores> stays = Score(scorer, 3);

        await cancellation.CancelAsync();

        await gone.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
        alone.Finish();
        await first;
        _time.Advance(TimeSpan.FromMilliseconds(2));
        GatedScorer.Run run = await _model.NextAsync();
        run.Rows.Should().Equal(3);
        run.Finish();
        await stays;
    }

    [Fact]
    public async Task Score_CanceledInAMergedRun_LeavesItToTheOthers()
    {
        BatchingScorer scorer = Create();
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        using var cancellation = new CancellationTokenSource();
        Task<Scores> gone = scorer.ScoreAsync(new float[] { 2 }, cancellation.Token).AsTask();
        Task<Scores> stays = Score(scorer, 3);
        alone.Finish();
        await first;
        _time.Advance(TimeSpan.FromMilliseconds(2));
        GatedScorer.Run run = await _model.NextAsync();

        await cancellation.CancelAsync();

        await gone.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
        run.Cancellation.IsCancellationRequested.Should().BeFalse();
        run.Finish();
        (await stays).Values.ToArray().Should().Equal(6);
    }

    [Fact]
    public async Task Score_CanceledWhileRowsAreCopied_KeepsThemUntilTheyAre()
    {
        BatchingScorer scorer = Create();
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        using var cancellation = new CancellationTokenSource();
        Task<Scores>? gone = null;
        bool? over = null;
        var watched = new WatchedRows([2], () =>
        {
            // Whoever reads these rows is about to read the others'.
            cancellation.Cancel();
            over = gone!.IsCompleted;
        });
        Task<Scores> stays = scorer.ScoreAsync(watched.Memory).AsTask();
        gone = scorer.ScoreAsync(new float[] { 3 }, cancellation.Token).AsTask();
        alone.Finish();
        await first;
        _time.Advance(TimeSpan.FromMilliseconds(2));
        GatedScorer.Run run = await _model.NextAsync();

        over.Should().BeFalse("its rows are still to be read");
        await gone.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
        run.Rows.Should().Equal(2, 3);
        run.Finish();
        (await stays).Values.ToArray().Should().Equal(4);
    }

    [Fact]
    public async Task Score_CanceledByEverybodyInARun_EndsTheRun()
    {
        BatchingScorer scorer = Create();
        using var cancellation = new CancellationTokenSource();
        Task<Scores> gone = scorer.ScoreAsync(new float[] { 1 }, cancellation.Token).AsTask();
        GatedScorer.Run run = await _model.NextAsync();

        await cancellation.CancelAsync();

        await gone.Invoking(static t => t).Should().ThrowAsync<OperationCanceledException>();
        run.Cancellation.IsCancellationRequested.Should().BeTrue();
        Task<Scores> next = Score(scorer, 2);
        (await _model.NextAsync()).Finish();
        (await next).Values.ToArray().Should().Equal(4);
    }

    [Fact]
    public async Task Score_FullQueue_IsRefusedWithRetryAfter()
    {
        BatchingScorer scorer = Create(new BatchingOptions { MaxWaitingRows = 3 });
        Task<Scores> running = Score(scorer, 1);
        GatedScorer.Run run = await _model.NextAsync();
        Task<Scores> waiting = Score(scorer, 2, 3);

        InferenceException refused = (await scorer.Invoking(static s => s.ScoreAsync(new float[] { 4, 5 }).AsTask())
            .Should().ThrowAsync<InferenceException>()).Which;

        refused.Kind.Should().Be(ErrorKind.Overloaded);
        refused.RetryAfterSeconds.Should().Be(1);
        run.Finish();
        await running;
        _time.Advance(TimeSpan.FromMilliseconds(2));
        (await _model.NextAsync()).Finish();
        await waiting;
    }

    [Fact]
    public async Task Dispose_WithCallsUnderWay_FinishesThem()
    {
        BatchingScorer scorer = Create();
        Task<Scores> running = Score(scorer, 1);
        GatedScorer.Run run = await _model.NextAsync();
        Task<Scores> waiting = Score(scorer, 2);

        Task disposal = scorer.DisposeAsync().AsTask();

        scorer.Invoking(static s => s.ScoreAsync(new float[] { 3 })).Should().Throw<ObjectDisposedException>();
        disposal.IsCompleted.Should().BeFalse();
        run.Finish();
        (await _model.NextAsync()).Finish();
        await disposal;
        (await running).Values.ToArray().Should().Equal(2);
        (await waiting).Values.ToArray().Should().Equal(4);
    }

    [Fact]
    public void Start_OptionsOutOfRange_NamesThem() =>
        FluentActions.Invoking(() => Create(new BatchingOptions { MaxRows = 0 })).Should().Throw<SidecarConfigurationException>()
            .WithMessage("BatchingOptions: MaxRows is 0 *");

    [Fact]
    public async Task Score_ManyCallersOfATreeModel_GetTheBytesThatOneAloneGets()
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_gb.onnx"));
        TabularData data = Kit.Rows("data/breast_cancer10.train.csv");
        using var onnx = new OnnxScorer(model, data.Features);
        await using var scorer = new BatchingScorer(onnx);
        ReadOnlyMemory<float> PartOf(int caller) => data.Values.Slice(caller * 3 * data.Features, (caller + 5) * data.Features);
        double[][] alone = new double[32][];
        for (int caller = 0; caller < alone.Length; caller++)
        {
            alone[caller] = (await onnx.ScoreAsync(PartOf(caller))).Values.ToArray();
        }

        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < 20; round++)
            {
                (await scorer.ScoreAsync(PartOf(caller))).Values.ToArray().Should().Equal(alone[caller]);
            }
        })));

        scorer.Calls.Should().Be(640);
        scorer.Rows.Should().Be(20 * Enumerable.Range(0, 32).Sum(static c => c + 5));
    }

    private BatchingScorer Create(BatchingOptions? options = null) => _scorer = new(_model, options, _time);

    private static Task<Scores> Score(BatchingScorer scorer, params float[] rows) => scorer.ScoreAsync(rows).AsTask();

    /// <summary>Three callers who went together in one run.</summary>
    private async Task MergeAsync(BatchingScorer scorer)
    {
        Task<Scores> first = Score(scorer, 1);
        GatedScorer.Run alone = await _model.NextAsync();
        Task<Scores> a = Score(scorer, 2);
        Task<Scores> b = Score(scorer, 3);
        alone.Finish();
        await first;

        // Three are expected now; the first comes back.
        Task<Scores> again = Score(scorer, 4);
        GatedScorer.Run run = await _model.NextAsync();
        run.Rows.Should().Equal(2, 3, 4);
        run.Finish();
        await Task.WhenAll(a, b, again);
    }
}
