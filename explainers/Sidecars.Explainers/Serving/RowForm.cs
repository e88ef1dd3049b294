namespace Sidecars.Explainers.Serving;

/// <summary>How a caller puts rows.</summary>
internal enum RowForm
{
    /// <summary>JSON: a list of values for each row.</summary>
    Lists,

    /// <summary>JSON: an object of named features for each row.</summary>
    Objects,

    /// <summary>One tensor [rows, features].</summary>
    Matrix,

    /// <summary>One tensor for each feature.</summary>
    Columns,
}
