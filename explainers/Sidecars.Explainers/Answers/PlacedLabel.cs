namespace Sidecars.Explainers.Answers;

/// <summary>A text in a picture, written around its middle.</summary>
/// <param name="Text">The text.</param>
/// <param name="X">Its middle.</param>
/// <param name="Width">How wide it is at most.</param>
internal sealed record PlacedLabel(string Text, double X, double Width)
{
    public double Left => X - (Width / 2);

    public double Right => X + (Width / 2);

    /// <summary>A label around a place, or beside it as far as it takes to stay inside.</summary>
    public static PlacedLabel At(string text, double size, double x, double left, double right)
    {
        double width = TextWidth.Of(text, size);
        return new PlacedLabel(text, Math.Max(left + (width / 2), Math.Min(right - (width / 2), x)), width);
    }

    /// <summary>Two labels on one line, the first one left of the second, moved apart as far as it takes.</summary>
    public static (PlacedLabel First, PlacedLabel Second) Pair(PlacedLabel first, PlacedLabel second, double gap, double left, double right)
    {
        double missing = first.Right + gap - second.Left;
        if (missing <= 0)
        {
            return (first, second);
        }

        double together = first.Width + gap + second.Width;
        double start = Math.Max(left, Math.Min(right - together, first.Left - (missing / 2)));
        return (first with { X = start + (first.Width / 2) }, second with { X = start + together - (second.Width / 2) });
    }
}
