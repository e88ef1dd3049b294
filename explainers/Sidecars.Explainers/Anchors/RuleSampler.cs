using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// Draws from D(z | A), the perturbations of a rule A (Ribeiro et al. 2018, "tabular data"): a base row of the training
/// data into which a donor row, on which the whole rule holds, copies all columns the rule speaks of. The distribution
/// is that of each single row, however many are drawn together.
/// </summary>
/// <param name="train">The training data.</param>
/// <param name="instance">The explained row.</param>
internal sealed class RuleSampler(TabularData train, ReadOnlyMemory<float> instance)
{
    private const int DrawsPerListedRow = 16;

    /// <summary>Draws rows.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="bases">The base row of each, drawn uniformly; rules that are compared get the same, which takes part of
    /// the noise out of the comparison.</param>
    /// <param name="rows">Where they go, [bases, features].</param>
    /// <param name="random">Draws the donors.</param>
    public void Draw(Rule rule, ReadOnlySpan<int> bases, Span<float> rows, ref RowRandom random)
    {
        int width = train.Features;
        ReadOnlySpan<float> values = train.Values.Span;
        for (int i = 0; i < bases.Length; i++)
        {
            values.Slice(bases[i] * width, width).CopyTo(rows[(i * width)..]);
        }

        if (rule.Rows.Count > 0)
        {
            // Many draws from few rows are quicker from a list of them.
            int[]? listed = bases.Length * (long)DrawsPerListedRow >= rule.Rows.Count ? rule.Rows.ToRows() : null;
            for (int i = 0; i < bases.Length; i++)
            {
                int rank = random.Below(rule.Rows.Count);
                ReadOnlySpan<float> donor = values.Slice((listed?[rank] ?? rule.Rows.Pick(rank)) * width, width);
                foreach (int feature in rule.Features)
                {
                    rows[(i * width) + feature] = donor[feature];
                }
            }

            return;
        }

        // No training row fulfils all of it: each column gets a donor of its own.
        foreach (AnchorPredicate predicate in rule.Predicates())
        {
            RowSet donors = rule.RowsFor(predicate.Feature);
            (float low, float high) = donors.Count > 0 ? default : Range(predicate);
            for (int i = 0; i < bases.Length; i++)
            {
                rows[(i * width) + predicate.Feature] = donors.Count > 0
                    ? values[(donors.Pick(random.Below(donors.Count)) * width) + predicate.Feature]
                    : Inside(predicate, low, high, random.Uniform());
            }
        }
    }

    /// <summary>
    /// Where a value may lie that no training row has: for a category that category, for a range the part of it within
    /// what the training data spans, and if there is no such part the explained row's own value.
    /// </summary>
    private (float Low, float High) Range(AnchorPredicate predicate)
    {
        float own = instance.Span[predicate.Feature];
        if (predicate.Equal is not null)
        {
            return (own, own);
        }

        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int row = 0; row < train.Rows; row++)
        {
            float value = train[row][predicate.Feature];
            if (!float.IsNaN(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        low = Math.Max(low, predicate.Gt ?? low);
        high = Math.Min(high, predicate.Le ?? high);
        return low < high ? ((float)low, (float)high) : (own, own);
    }

    private float Inside(AnchorPredicate predicate, float low, float high, double part)
    {
        float value = (float)(high - (part * (high - low)));
        return predicate.Holds(value) ? value : instance.Span[predicate.Feature];
    }
}
