namespace Sidecars.Protocol;

/// <summary>What came of reading an array of numbers, and at which byte it went wrong.</summary>
internal readonly record struct ArrayResult(ArrayError Error, int Offset)
{
    /// <summary>Whether the array was read.</summary>
    internal bool IsOk => Error == ArrayError.None;

    /// <summary>The error as the end of a sentence for the sender of the text.</summary>
    internal string Describe() => Error switch
    {
        ArrayError.None => "no error",
        ArrayError.NotAnArray => $"an array was expected at byte {Offset}",
        ArrayError.String => $"a number was expected at byte {Offset}, not a string",
        ArrayError.Null => $"a number was expected at byte {Offset}, not null",
        ArrayError.Boolean => $"a number was expected at byte {Offset}, not a boolean",
        ArrayError.Object => $"a number was expected at byte {Offset}, not an object",
        ArrayError.OutOfRange => $"the number at byte {Offset} is out of range",
        ArrayError.NotIntegral => $"the number at byte {Offset} is not an integer",
        ArrayError.Ragged => $"the array is ragged: its parts differ in length or depth at byte {Offset}",
        ArrayError.TooDeep => $"the array at byte {Offset} is nested deeper than {NumericArrayReader.MaxDepth} levels",
        ArrayError.Truncated => $"the text ends inside an array, at byte {Offset}",
        _ => $"invalid JSON at byte {Offset}",
    };
}
