namespace Sidecars.Explainers.Serving;

/// <summary>The rows of a request.</summary>
/// <param name="Data">The rows, as the model gets them.</param>
/// <param name="Form">How they were put.</param>
/// <param name="Named">For each feature, whether its category was given by name.</param>
/// <param name="Keys">The tensors' names; null for JSON.</param>
internal sealed record RequestedRows(TabularData Data, RowForm Form, bool[] Named, IReadOnlyList<string>? Keys = null);
