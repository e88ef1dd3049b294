namespace Sidecars.Explainers.Answers;

/// <summary>A share before and after a step, as a bar: what stayed, and what was gained or lost at its end.</summary>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
internal readonly record struct StepBar(double From, double To)
{
    /// <summary>The bar's part that stayed.</summary>
    public double Kept => Math.Min(From, To);

    /// <summary>The length of the part that came or went.</summary>
    public double Changed => Math.Abs(To - From);

    public bool Grew => To > From;
}
