namespace Sidecars.Protocol;

/// <summary>Why an array of numbers could not be read.</summary>
internal enum ArrayError
{
    /// <summary>It was read.</summary>
    None,

    /// <summary>There is no array at the position.</summary>
    NotAnArray,

    /// <summary>An element is a string.</summary>
    String,

    /// <summary>An element is <c>null</c>.</summary>
    Null,

    /// <summary>An element is <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>An element is an object.</summary>
    Object,

    /// <summary>An element is a number beyond what the type can hold.</summary>
    OutOfRange,

    /// <summary>An element has a fractional part where integers were asked for.</summary>
    NotIntegral,

    /// <summary>Arrays side by side differ in length or depth.</summary>
    Ragged,

    /// <summary>More arrays within each other than <see cref="NumericArrayReader.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The text ends before the array does.</summary>
    Truncated,

    /// <summary>The text is not JSON.</summary>
    Malformed,
}
