namespace Sidecars.Explainers.Tests.Anchors;

/// <summary>A small table with a function for a model, of which every precision can be counted out.</summary>
internal sealed record Toy(TabularSchema Schema, TabularData Train, Func<float[], int> Label)
{
    public LabelScorer Scorer() => new(Train.Features, Label);

    /// <summary>A toy of columns with categories 0, 1, ….</summary>
    public static Toy OfCategories(int categories, IEnumerable<float[]> rows, Func<float[], int> label)
    {
        float[][] table = [.. rows];
        string[] names = [.. Enumerable.Range(0, categories).Select(static c => $"c{c}")];
        return new Toy(
            new TabularSchema([.. table[0].Select((_, i) => new TabularFeature($"f{i}", names))]),
            new TabularData([.. table.SelectMany(static r => r)], table[0].Length),
            label);
    }

    /// <summary>All rows of zeros and ones, each as often as its columns' weights (of ten) say.</summary>
    public static IEnumerable<float[]> Bits(params int[] ones)
    {
        IEnumerable<float[]> rows = [[]];
        foreach (int weight in ones)
        {
            rows = [.. rows.SelectMany(row => Enumerable.Range(0, 10).Select(i => (float[])[.. row, i < weight ? 1 : 0]))
                .GroupBy(static r => string.Join(",", r)).SelectMany(static g => g)];
        }

        return rows;
    }

    public ValueTask<AnchorExplanation> ExplainAsync(float[] row, AnchorTabularOptions? options = null, IScorer? scorer = null) =>
        new AnchorTabular(Schema, Train).ExplainAsync(scorer ?? Scorer(), row, options ?? new AnchorTabularOptions());

    public bool Holds(IEnumerable<AnchorPredicate> rule, int row) => rule.All(p => p.Holds(Train[row][p.Feature]));

    /// <summary>The exact precision of a rule: over all pairs of a donor on which it holds and a base row.</summary>
    public double Precision(IReadOnlyList<AnchorPredicate> rule, int label)
    {
        int[] donors = [.. Enumerable.Range(0, Train.Rows).Where(row => Holds(rule, row))];
        int hits = 0;
        foreach (int donor in rule.Count == 0 ? [0] : donors)
        {
            for (int row = 0; row < Train.Rows; row++)
            {
                float[] mixed = Train[row].ToArray();
                foreach (AnchorPredicate predicate in rule)
                {
                    mixed[predicate.Feature] = Train[donor][predicate.Feature];
                }

                hits += Label(mixed) == label ? 1 : 0;
            }
        }

        return hits / (double)((rule.Count == 0 ? 1 : donors.Length) * Train.Rows);
    }
}
