namespace Sidecars.Explainers.Answers;

/// <summary>The sum that Shapley values are: what nothing known gives, what the features add, and the model's answer.</summary>
internal sealed record ShapSum(NumberScale Numbers, double Base, double Sum, double Answer)
{
    /// <summary>The sum with as many decimals as it takes to be right as it is read.</summary>
    public static ShapSum Of(ShapView view) =>
        new(view.Numbers.Adding(view.Base, view.Sum, view.Prediction), view.Base, view.Sum, view.Prediction);

    /// <summary>Where the numbers as they are read do not add up: why; null where they do.</summary>
    public string? Note
    {
        get
        {
            if (!double.IsFinite(Base + Sum + Answer))
            {
                return "The model answered no number, so there is nothing to add up.";
            }

            if (Numbers.Read(Base) + Numbers.Read(Sum) == Numbers.Read(Answer))
            {
                return null;
            }

            double gap = Base + Sum - Answer;
            return Math.Abs(gap) < 1e-9 * Math.Max(Math.Abs(Base), Math.Max(Math.Abs(Sum), Math.Abs(Answer)))
                ? "The three numbers are rounded; unrounded they add up."
                : FormattableString.Invariant($"The model's own arithmetic is rounded: its answer is {Math.Abs(gap):0.0e+0} off the sum.");
        }
    }

    /// <summary>For a page.</summary>
    public Markup ToMarkup()
    {
        Markup sum = new Markup()
            .Add($"<p class=\"sum\"><span><b>{Numbers.Text(Base)}</b><small>base value</small></span>")
            .Add($"<i>{(Sum < 0 ? NumberText.Minus : "+")}</i><span><b>{Numbers.Digits(Sum)}</b><small>all values together</small></span>")
            .Add($"<span class=\"result\"><i>=</i><span><b>{Numbers.Text(Answer)}</b><small>f(x)</small></span></span></p>\n");
        return Note is { } note ? sum.Add($"<p class=\"note\">{note}</p>\n") : sum;
    }

    /// <summary>For a line.</summary>
    public override string ToString() =>
        $"{Numbers.Text(Base)} {(Sum < 0 ? NumberText.Minus : "+")} {Numbers.Digits(Sum)} = {Numbers.Text(Answer)}";
}
