namespace Sidecars.Protocol;

/// <summary>What came of reading a number.</summary>
internal enum NumberResult
{
    /// <summary>It was read.</summary>
    Ok,

    /// <summary>The text there is no JSON number.</summary>
    NotANumber,

    /// <summary>A number, but beyond what the type can hold.</summary>
    OutOfRange,

    /// <summary>A number with a fractional part where an integer was asked for.</summary>
    NotIntegral,
}
