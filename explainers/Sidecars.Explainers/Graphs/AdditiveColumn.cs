namespace Sidecars.Explainers.Graphs;

/// <summary>
/// One number of a graph, understood as a function of the row: a constant, plus a sum of terms of one feature each,
/// perhaps with a function around it.
/// </summary>
/// <param name="Constant">What does not depend on the row.</param>
/// <param name="Terms">What depends on one feature each.</param>
/// <param name="Wrap">The function around the sum.</param>
internal sealed record AdditiveColumn(double Constant, AdditiveTerm[] Terms, ColumnWrap Wrap = ColumnWrap.None)
{
    /// <summary>A feature as it is.</summary>
    public static AdditiveColumn Of(int feature) => new(0, [new AdditiveTerm(feature, null, 1)]);

    /// <summary>Whether nothing is around the sum, so that it may go into another sum.</summary>
    public bool IsPlain => Wrap == ColumnWrap.None;

    /// <summary>The feature this is, unchanged or with its fraction cut off; -1 where it is anything else.</summary>
    public int SingleFeature =>
        Wrap is ColumnWrap.None or ColumnWrap.Truncated && Constant == 0 && Terms is [{ Category: null, Weight: 1 } only] ? only.Feature : -1;

    /// <summary><paramref name="scale"/> · (this + <paramref name="shift"/>).</summary>
    public AdditiveColumn ShiftThenScale(double shift, double scale) =>
        new((Constant + shift) * scale, Array.ConvertAll(Terms, t => t with { Weight = t.Weight * scale }));

    /// <summary>constant + Σ weights · columns.</summary>
    public static AdditiveColumn Combine(double constant, ReadOnlySpan<AdditiveColumn> columns, ReadOnlySpan<double> weights)
    {
        List<AdditiveTerm> terms = [];
        for (int i = 0; i < columns.Length; i++)
        {
            constant += columns[i].Constant * weights[i];
            foreach (AdditiveTerm term in columns[i].Terms)
            {
                terms.Add(term with { Weight = term.Weight * weights[i] });
            }
        }

        return new AdditiveColumn(constant, [.. terms]);
    }
}
