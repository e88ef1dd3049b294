using System.Buffers;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// Draws rows for several arms and has them scored in one call. The search draws by the row alone and the test by row and
/// seed: another seed is another test of the same proposals, not another search, whose chances would show as rules that
/// change from seed to seed.
/// </summary>
internal sealed class ArmPuller
{
    private const ulong SearchStream = 0;
    private const int NoLabel = -1;

    // How many numbers the rows of one call have: 64 MiB of them.
    private const int MostNumbers = 1 << 24;

    private readonly TabularData _train;
    private readonly IScorer _scorer;
    private readonly ReadOnlyMemory<float> _instance;
    private readonly RuleSampler _sampler;
    private readonly CancellationToken _cancellation;
    private RowRandom _search;
    private RowRandom _test;

    /// <summary>Prepares the draws for one row.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="instance">The explained row.</param>
    /// <param name="seed">What the tests' rows start from.</param>
    /// <param name="cancellation">Gives up before the next call.</param>
    public ArmPuller(TabularData train, IScorer scorer, ReadOnlyMemory<float> instance, int seed, CancellationToken cancellation)
    {
        _train = train;
        _scorer = scorer;
        _instance = instance;
        _sampler = new RuleSampler(train, instance);
        _cancellation = cancellation;
        _search = new RowRandom(SearchStream, instance.Span);
        _test = new RowRandom(SearchStream + 1 + (uint)seed, instance.Span);
    }

    /// <summary>The explained row's class; known after the first pull.</summary>
    public int Label { get; private set; } = NoLabel;

    /// <summary>How many rows were scored.</summary>
    public long Predictions { get; private set; }

    /// <summary>Called after each call of the model; null for nothing.</summary>
    public Action? Pulled { get; set; }

    /// <summary>Scores the explained row, and draws the empty rule and the first candidates.</summary>
    public ValueTask StartAsync(Arm empty, int samples, IEnumerable<Arm> candidates) =>
        PullAsync([(empty, samples), .. candidates.Select(static a => (a, SearchBudget.FirstLook))]);

    /// <summary>Draws those arms that have not been drawn yet.</summary>
    public ValueTask ScoutAsync(IEnumerable<Arm> arms) =>
        PullAsync([.. arms.Where(static a => a.Samples < SearchBudget.FirstLook).Select(static a => (a, SearchBudget.FirstLook))]);

    /// <summary>Draws an arm for its test, and those of the shorter rules on the way to it that were never drawn.</summary>
    public async ValueTask TestAsync(Arm fresh, int samples, IEnumerable<Arm> prefixes)
    {
        List<(Arm, int)> pulls = [(fresh, samples), .. prefixes.Where(static a => a.Samples == 0).Select(static a => (a, SearchBudget.FirstLook))];
        _test = await PullAsync(pulls, _test).ConfigureAwait(false);
    }

    /// <summary>Draws each arm so many times, in one call. The first call scores the explained row too.</summary>
    public async ValueTask PullAsync(IReadOnlyList<(Arm Arm, int Samples)> pulls)
    {
        if (pulls.Count > 0)
        {
            _search = await PullAsync(pulls, _search).ConfigureAwait(false);
        }
    }

    private async ValueTask<RowRandom> PullAsync(IReadOnlyList<(Arm Arm, int Samples)> pulls, RowRandom random)
    {
        foreach (List<(Arm, int)> call in Calls(pulls))
        {
            random = await CallAsync(call, random).ConfigureAwait(false);
        }

        return random;
    }

    /// <summary>One call, but for wide beams, large batches and many columns, whose rows come in pieces.</summary>
    private IEnumerable<List<(Arm Arm, int Samples)>> Calls(IReadOnlyList<(Arm Arm, int Samples)> pulls)
    {
        int most = Math.Max(1, MostNumbers / _train.Features);
        List<(Arm, int)> call = [];
        int room = most;
        foreach ((Arm arm, int samples) in pulls)
        {
            for (int left = samples, some; left > 0; left -= some)
            {
                some = Math.Min(left, room);
                call.Add((arm, some));
                room -= some;
                if (room == 0)
                {
                    yield return call;
                    (call, room) = ([], most);
                }
            }
        }

        if (call.Count > 0)
        {
            yield return call;
        }
    }

    private async ValueTask<RowRandom> CallAsync(IReadOnlyList<(Arm Arm, int Samples)> pulls, RowRandom random)
    {
        _cancellation.ThrowIfCancellationRequested();
        int width = _train.Features;
        int first = Label < 0 ? 1 : 0;
        int count = first + pulls.Sum(static p => p.Samples);
        int[] bases = new int[pulls.Max(static p => p.Samples)];
        float[] rows = ArrayPool<float>.Shared.Rent(count * width);
        int[] donors = ArrayPool<int>.Shared.Rent(count);
        int[] labels = ArrayPool<int>.Shared.Rent(count);
        try
        {
            _instance.CopyTo(rows);
            Draw(pulls, bases, rows.AsSpan(first * width), donors, ref random);
            Scores scores = await _scorer.ScoreAsync(rows.AsMemory(0, count * width), _cancellation).ConfigureAwait(false);
            ReadLabels(scores, labels.AsSpan(0, count));
            Label = first == 1 ? OwnLabel(labels[0]) : Label;
            int at = 0;
            foreach ((Arm arm, int samples) in pulls)
            {
                arm.Add(
                    bases.AsSpan(0, samples), donors.AsSpan(at, samples),
                    rows.AsSpan((first + at) * width, samples * width), labels.AsSpan(first + at, samples), Label);
                at += samples;
            }

            Predictions += count;
            Pulled?.Invoke();
            return random;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
            ArrayPool<int>.Shared.Return(donors);
            ArrayPool<int>.Shared.Return(labels);
        }
    }

    private void Draw(IReadOnlyList<(Arm Arm, int Samples)> pulls, Span<int> bases, Span<float> rows, Span<int> donors, ref RowRandom random)
    {
        for (int i = 0; i < bases.Length; i++)
        {
            bases[i] = random.Below(_train.Rows);
        }

        foreach ((Arm arm, int samples) in pulls)
        {
            _sampler.Draw(arm.Rule, bases[..samples], rows, donors, ref random);
            rows = rows[(samples * _train.Features)..];
            donors = donors[samples..];
        }
    }

    private static int OwnLabel(int label) => label != NoLabel ? label
        : throw InferenceException.InferenceError("The model answered the row with a number that is not one; there is no class to explain.");

    /// <summary>The classes of rows; a row with a score that is no number has none, and so no explained row's.</summary>
    private static void ReadLabels(Scores scores, Span<int> labels)
    {
        if (scores is { Kind: ScoreKind.Value, Outputs: 1 })
        {
            throw InferenceException.InvalidInput("AnchorTabular explains classes, and this model gives out one value a row");
        }

        scores.ReadLabels(labels);
        ReadOnlySpan<double> values = scores.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                labels[i / scores.Outputs] = NoLabel;
            }
        }
    }
}
