namespace Sidecars;

/// <summary>How far an explanation has come, for a caller who watches.</summary>
/// <param name="Message">What is being done, in a few words a caller may read, such as "rules of 2 conditions".</param>
/// <param name="Fraction">How much of the work is done, from 0 to 1; null when nobody can tell.</param>
public sealed record ExplainProgress(string Message, double? Fraction = null);
