using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sidecars.Protocol;

/// <summary>
/// Reads a JSON array of numbers, flat or nested, into one flat row-major list, and finds its dimensions:
/// <c>[[1,2],[3,4]]</c> has [2, 2], <c>[]</c> has [0], <c>[[],[]]</c> has [2, 0].
/// </summary>
internal static class NumericArrayReader
{
    /// <summary>The most arrays within each other.</summary>
    internal const int MaxDepth = 32;

    /// <summary>
    /// Reads the array whose <c>[</c> is at the position. On success the numbers are appended to the list, the
    /// dimensions stand in the first <paramref name="rank"/> places of <paramref name="dims"/>, and the position is
    /// past the closing bracket. Otherwise list and position are as before.
    /// </summary>
    /// <param name="json">The text, or the part of it that has arrived.</param>
    /// <param name="position">Where the array begins.</param>
    /// <param name="values">Receives the numbers.</param>
    /// <param name="dims">Room for <see cref="MaxDepth"/> dimensions; with less, deeper arrays are too deep.</param>
    /// <param name="rank">The number of dimensions.</param>
    internal static ArrayResult Read<T>(
        ReadOnlySpan<byte> json, ref int position, ref PooledList<T> values, Span<int> dims, out int rank)
        where T : unmanaged, INumberBase<T>
    {
        int before = values.Count;
        int i = position;
        ArrayError error = ReadNested(json, ref i, ref values, dims, out rank);
        if (error != ArrayError.None)
        {
            values.Truncate(before);
            rank = 0;
            return new ArrayResult(error, i);
        }

        position = i;
        return new ArrayResult(ArrayError.None, i);
    }

    // Arrays are opened until a number (or an end) shows where the rows are; from then on every array at one level must
    // be like the first one there.
    private static ArrayError ReadNested<T>(
        ReadOnlySpan<byte> json, ref int i, ref PooledList<T> values, Span<int> dims, out int rank)
        where T : unmanaged, INumberBase<T>
    {
        const int Unknown = -1;
        Span<int> counts = stackalloc int[MaxDepth];
        int limit = Math.Min(MaxDepth, dims.Length);
        dims[..limit].Fill(Unknown);
        rank = 0;
        if ((uint)i >= (uint)json.Length || json[i] != '[')
        {
            return ArrayError.NotAnArray;
        }

        for (int depth = 0; ;)
        {
            // At an opening bracket.
            if (depth == limit)
            {
                return ArrayError.TooDeep;
            }

            if (rank != 0 && depth == rank)
            {
                return ArrayError.Ragged;
            }

            counts[depth++] = 0;
            i++;
            if (!SkipSpace(json, ref i))
            {
                return ArrayError.Truncated;
            }

            if (json[i] == '[')
            {
                continue;
            }

            if (json[i] != ']')
            {
                ArrayError error = depth == rank || rank == 0
                    ? ReadRow(json, ref i, ref values, out counts[depth - 1])
                    : ClassifyOutOfPlace(json, i);
                if (error != ArrayError.None)
                {
                    return error;
                }

                rank = depth;
            }

            // At a closing bracket, or after it at several.
            while (json[i] == ']')
            {
                depth--;
                rank = rank == 0 ? depth + 1 : rank;
                if (dims[depth] == Unknown)
                {
                    dims[depth] = counts[depth];
                }
                else if (dims[depth] != counts[depth])
                {
                    return ArrayError.Ragged;
                }

                i++;
                if (depth == 0)
                {
                    return ArrayError.None;
                }

                counts[depth - 1]++;
                if (!SkipSpace(json, ref i))
                {
                    return ArrayError.Truncated;
                }
            }

            if (json[i] != ',')
            {
                return ArrayError.Malformed;
            }

            i++;
            if (!SkipSpace(json, ref i))
            {
                return ArrayError.Truncated;
            }

            if (json[i] != '[')
            {
                return ClassifyOutOfPlace(json, i);
            }
        }
    }

    /// <summary>Reads numbers up to the closing bracket and leaves the position at it.</summary>
    private static ArrayError ReadRow<T>(
        ReadOnlySpan<byte> json, ref int position, ref PooledList<T> values, out int count)
        where T : unmanaged, INumberBase<T>
    {
        int i = position;
        int before = values.Count;
        Span<T> free = values.Free;
        int filled = 0;
        ArrayError error;
        while (true)
        {
            NumberResult result = NumberReader.Read(json, ref i, out T value);
            if (result != NumberResult.Ok)
            {
                error = result == NumberResult.OutOfRange ? ArrayError.OutOfRange
                    : result == NumberResult.NotIntegral ? ArrayError.NotIntegral
                    : Classify(json, i);
                break;
            }

            if ((uint)filled >= (uint)free.Length)
            {
                values.Advance(filled);
                values.Grow();
                free = values.Free;
                filled = 0;
            }

            free[filled++] = value;

            // Most often a comma and the next number, without space.
            if ((uint)i < (uint)json.Length && json[i] == ',')
            {
                i++;
                if ((uint)i < (uint)json.Length && json[i] > ' ')
                {
                    continue;
                }
            }
            else if (!SkipSpace(json, ref i))
            {
                error = ArrayError.Truncated;
                break;
            }
            else if (json[i] != ',')
            {
                error = json[i] == ']' ? ArrayError.None : ArrayError.Malformed;
                break;
            }
            else
            {
                i++;
            }

            if (!SkipSpace(json, ref i))
            {
                error = ArrayError.Truncated;
                break;
            }
        }

        values.Advance(filled);
        count = values.Count - before;
        position = i;
        return error;
    }

    /// <summary>Moves past white space; false at the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SkipSpace(ReadOnlySpan<byte> json, ref int i)
    {
        while ((uint)i < (uint)json.Length)
        {
            byte b = json[i];
            if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t'))
            {
                return true;
            }

            i++;
        }

        return false;
    }

    /// <summary>What stands where a number was expected.</summary>
    private static ArrayError Classify(ReadOnlySpan<byte> json, int i)
    {
        ReadOnlySpan<byte> rest = json[i..];
        return rest[0] switch
        {
            (byte)'"' => ArrayError.String,
            (byte)'{' => ArrayError.Object,
            (byte)'[' => ArrayError.Ragged,
            (byte)'n' => Literal(rest, "null"u8, ArrayError.Null),
            (byte)'t' => Literal(rest, "true"u8, ArrayError.Boolean),
            (byte)'f' => Literal(rest, "false"u8, ArrayError.Boolean),

            // A number cut short, as "-" or "1." at the very end.
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') when rest.IndexOfAnyExcept("0123456789+-.eE"u8) < 0
                => ArrayError.Truncated,
            _ => ArrayError.Malformed,
        };
    }

    // A number is no wrong element, but here its siblings are arrays.
    private static ArrayError ClassifyOutOfPlace(ReadOnlySpan<byte> json, int i) =>
        NumberReader.ReadDouble(json, ref i, out _) == NumberResult.NotANumber ? Classify(json, i) : ArrayError.Ragged;

    private static ArrayError Literal(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> literal, ArrayError error) =>
        rest.StartsWith(literal) ? error : literal.StartsWith(rest) ? ArrayError.Truncated : ArrayError.Malformed;
}
