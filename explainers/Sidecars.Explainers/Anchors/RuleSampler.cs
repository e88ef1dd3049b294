using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
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

    // How many rows are on their way from memory at once.
    private const int Block = 64, Ahead = 16;

    /// <summary>Draws rows.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="bases">The base row of each, drawn uniformly; rules that are compared get the same, which takes part of
    /// the noise out of the comparison.</param>
    /// <param name="rows">Where they go, [bases, features].</param>
    /// <param name="donors">Where the donor of each goes, [bases]; <see cref="ExampleRows.NoDonor"/> where there is no one donor.</param>
    /// <param name="random">Draws the donors.</param>
    public void Draw(Rule rule, ReadOnlySpan<int> bases, Span<float> rows, Span<int> donors, ref RowRandom random)
    {
        int width = train.Features;
        ReadOnlySpan<float> values = train.Values.Span;
        Copy(values, bases, width, rows);

        if (rule.Rows.Count > 0)
        {
            CopyDonors(values, rule, donors[..bases.Length], rows, ref random);
            return;
        }

        donors[..bases.Length].Fill(ExampleRows.NoDonor);

        // No training row fulfils all of it: each column gets a donor of its own.
        foreach (AnchorPredicate predicate in rule.Predicates())
        {
            RowSet fulfilling = rule.RowsFor(predicate.Feature);
            (float low, float high) = fulfilling.Count > 0 ? default : Range(predicate);
            for (int i = 0; i < bases.Length; i++)
            {
                rows[(i * width) + predicate.Feature] = fulfilling.Count > 0
                    ? values[(fulfilling.Pick(random.Below(fulfilling.Count)) * width) + predicate.Feature]
                    : Inside(predicate, low, high, random.Uniform());
            }
        }
    }

    private void CopyDonors(ReadOnlySpan<float> values, Rule rule, Span<int> donors, Span<float> rows, ref RowRandom random)
    {
        int width = train.Features;
        int count = donors.Length;

        // Many draws from few rows are quicker from a list of them.
        int[]? listed = count * (long)DrawsPerListedRow >= rule.Rows.Count ? rule.Rows.ToRows() : null;
        for (int start = 0; start < count; start += Block)
        {
            int block = Math.Min(Block, count - start);
            for (int i = 0; i < block; i++)
            {
                int rank = random.Below(rule.Rows.Count);
                donors[start + i] = listed?[rank] ?? rule.Rows.Pick(rank);
                Prefetch(values, donors[start + i] * width);
            }

            for (int i = 0; i < block; i++)
            {
                int to = (start + i) * width;
                int from = donors[start + i] * width;
                foreach (int feature in rule.Features)
                {
                    rows[to + feature] = values[from + feature];
                }
            }
        }
    }

    private static void Copy(ReadOnlySpan<float> values, ReadOnlySpan<int> bases, int width, Span<float> rows)
    {
        for (int i = 0; i < bases.Length; i++)
        {
            if (i + Ahead < bases.Length)
            {
                Prefetch(values, bases[i + Ahead] * width);
            }

            values.Slice(bases[i] * width, width).CopyTo(rows[(i * width)..]);
        }
    }

    /// <summary>Asks for a row of the training data, which lies anywhere, before it is needed.</summary>
    private static unsafe void Prefetch(ReadOnlySpan<float> values, int at)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in values[at])));
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
