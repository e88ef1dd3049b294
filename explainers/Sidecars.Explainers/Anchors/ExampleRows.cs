namespace Sidecars.Explainers.Anchors;

/// <summary>
/// The first rows that were drawn for a rule, of either kind. A row is kept as the two training rows it was mixed from: a
/// search tries thousands of rules, and tables may have thousands of columns.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="most">How many of either kind are kept.</param>
internal sealed class ExampleRows(Rule rule, int most)
{
    /// <summary>The donor of a row that has none: it was put together value by value.</summary>
    public const int NoDonor = -1;

    private readonly List<(int Base, int Donor)>[] _drawn = [[], []];
    private readonly List<float[]>[] _made = [[], []];

    /// <summary>Keeps a row, if there is room for one more of its kind.</summary>
    /// <param name="same">Whether it got the explained row's class.</param>
    /// <param name="baseRow">The training row it began as.</param>
    /// <param name="donor">The training row that the rule's columns came from, or <see cref="NoDonor"/>.</param>
    /// <param name="row">The row itself.</param>
    public void Add(bool same, int baseRow, int donor, ReadOnlySpan<float> row)
    {
        int side = same ? 0 : 1;
        if (_drawn[side].Count + _made[side].Count == most)
        {
            return;
        }

        if (donor == NoDonor)
        {
            _made[side].Add(row.ToArray());
        }
        else
        {
            _drawn[side].Add((baseRow, donor));
        }
    }

    /// <summary>The rows of one kind, in the order in which they were drawn.</summary>
    public TabularData Of(bool same, TabularData train)
    {
        int side = same ? 0 : 1, width = train.Features;
        float[] rows = new float[(_drawn[side].Count + _made[side].Count) * width];
        Span<float> at = rows;
        foreach ((int baseRow, int donor) in _drawn[side])
        {
            train[baseRow].CopyTo(at);
            foreach (int feature in rule.Features)
            {
                at[feature] = train[donor][feature];
            }

            at = at[width..];
        }

        // A rule that no training row fulfils has only such, and any other has none.
        foreach (float[] made in _made[side])
        {
            made.CopyTo(at);
            at = at[width..];
        }

        return new TabularData(rows, width);
    }
}
