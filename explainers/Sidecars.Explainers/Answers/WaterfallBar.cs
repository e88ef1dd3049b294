namespace Sidecars.Explainers.Answers;

/// <summary>A line of a waterfall with its place, in pixels: a step, or one of the two ends.</summary>
internal sealed record WaterfallBar
{
    /// <summary>What the ends are called.</summary>
    public const string Base = "base value", Answer = "f(x)";

    /// <summary>The name as far as there is room for it.</summary>
    public required string Name { get; init; }

    /// <summary>The row's value as far as there is room; null for none.</summary>
    public required string? Cell { get; init; }

    /// <summary>The name and the value in full.</summary>
    public required string FullName { get; init; }

    /// <summary>Where the name ends, or begins where names stand above bars.</summary>
    public required double NameX { get; init; }

    /// <summary>The line the name stands on.</summary>
    public required double NameY { get; init; }

    /// <summary>Where it begins: where the line before ended.</summary>
    public required double Start { get; init; }

    /// <summary>Where it ends: its arrow's tip.</summary>
    public required double End { get; init; }

    /// <summary>The middle of its height.</summary>
    public required double Y { get; init; }

    /// <summary>The reach of its error on either side of the tip.</summary>
    public required double Error { get; init; }

    /// <summary>Its number, signed.</summary>
    public required string Number { get; init; }

    /// <summary>The left end of its number.</summary>
    public required double NumberX { get; init; }

    /// <summary>How much room its number needs.</summary>
    public required double NumberWidth { get; init; }

    /// <summary>The line its number stands on.</summary>
    public required double NumberY { get; init; }

    /// <summary>Whether its number is held by its right end, because it stands at the left of something.</summary>
    public required bool NumberEnds { get; init; }

    /// <summary>Whether it raises the answer; null where it does nothing, and for the ends.</summary>
    public required bool? Raises { get; init; }
}
