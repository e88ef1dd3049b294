using Sidecars.Explainers;
using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;

namespace Explainers.Benchmarks;

/// <summary>
/// The precision that an anchor truly has, by fresh samples of the same perturbation distribution: a quick check while
/// working on the search. Figures to publish come from the kit's own judge, which draws with code of its own.
/// </summary>
internal sealed class AnchorTruth(TabularData train, IScorer scorer, int samples)
{
    private readonly Dictionary<string, double> _known = [];

    public async Task<double> PrecisionAsync(AnchorExplanation anchor, int row)
    {
        string key = $"{row}:{string.Join(";", anchor.Predicates)}";
        if (_known.TryGetValue(key, out double known))
        {
            return known;
        }

        RowIndex index = new(train);
        Rule rule = Rule.Of(
            anchor.Predicates.SelectMany(Split).Select((p, i) => new Condition(i, p, index.Rows(p))), index.All);
        RowRandom random = new(11, anchor.Instance.Span);
        int[] bases = [.. Enumerable.Range(0, samples).Select(_ => random.Below(train.Rows))];
        float[] rows = new float[samples * train.Features];
        new RuleSampler(train, anchor.Instance).Draw(rule, bases, rows, new int[bases.Length], ref random);
        int[] labels = new int[samples];
        (await scorer.ScoreAsync(rows)).ReadLabels(labels);
        return _known[key] = labels.Count(l => l == anchor.Label) / (double)samples;
    }

    private static IEnumerable<AnchorPredicate> Split(AnchorPredicate p) =>
        p is { Gt: not null, Le: not null } ? [p with { Gt = null }, p with { Le = null }] : [p];
}
