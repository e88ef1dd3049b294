using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// What can be said of a row, in column order: its category in each categorical column, and for each edge of a numeric
/// column on which side of it the row lies. A missing value says nothing.
/// </summary>
internal static class Conditions
{
    public static List<Condition> Of(ReadOnlySpan<float> row, TabularSchema schema, Discretizer discretizer, RowIndex index)
    {
        List<Condition> conditions = [];
        for (int feature = 0; feature < row.Length; feature++)
        {
            float value = row[feature];
            if (schema.Features[feature].Categories is { } categories)
            {
                if (value == (int)value)
                {
                    Add(new AnchorPredicate(feature, Equal: (int)value), known: value >= 0 && value < categories.Count);
                }
            }
            else if (!float.IsNaN(value))
            {
                foreach (double edge in discretizer.Edges(feature))
                {
                    Add(value <= edge ? new AnchorPredicate(feature, Le: edge) : new AnchorPredicate(feature, Gt: edge), known: true);
                }
            }
        }

        return conditions;

        void Add(AnchorPredicate predicate, bool known) =>
            conditions.Add(new Condition(conditions.Count, predicate, known ? index.Rows(predicate) : index.Find(predicate)));
    }
}
