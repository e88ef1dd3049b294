namespace Sidecars.Explainers.Answers;

/// <summary>The measures of a waterfall, in pixels.</summary>
internal sealed record WaterfallShape
{
    /// <summary>For a page's width and for a picture: names at the left of bars.</summary>
    public static readonly WaterfallShape Wide = new() { Width = 720, NamesAbove = false, RowHeight = 27, BarHeight = 17, MostNameWidth = 270 };

    /// <summary>For a telephone: names above bars.</summary>
    public static readonly WaterfallShape Narrow = new() { Width = 340, NamesAbove = true, RowHeight = 42, BarHeight = 16, MostNameWidth = 332 };

    public required double Width { get; init; }

    public required bool NamesAbove { get; init; }

    public required double RowHeight { get; init; }

    public required double BarHeight { get; init; }

    public required double MostNameWidth { get; init; }
}
