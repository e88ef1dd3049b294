namespace Sidecars.Explainers.Graphs;

/// <summary>A summand that depends on one feature: <c>Weight · x</c>, or <c>Weight</c> where x is a category.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Category">The category; null for a multiple of the feature.</param>
/// <param name="Weight">The factor.</param>
internal readonly record struct AdditiveTerm(int Feature, long? Category, double Weight);
