using System.Buffers;

namespace Sidecars.Protocol;

/// <summary>
/// Looks at the brackets and quotes of a JSON text and at nothing else: enough to refuse what is no JSON at all, and to
/// find a top-level key, at the speed of memory. Payloads that are passed on unread get this much attention.
/// </summary>
internal static class JsonOutline
{
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("\"{}[]"u8);

    /// <summary>
    /// Checks that every bracket is closed, no string is left open, nothing is nested too deeply and nothing follows.
    /// </summary>
    /// <param name="json">The whole text.</param>
    /// <param name="maxDepth">The most nesting that is accepted.</param>
    /// <param name="key">A key to look for in the outermost object.</param>
    /// <param name="valueAt">Where the value of that key begins; -1 when the key is not there.</param>
    /// <returns>Null, or what is wrong with the text.</returns>
    public static string? Check(ReadOnlySpan<byte> json, int maxDepth, ReadOnlySpan<byte> key, out int valueAt)
    {
        valueAt = -1;
        int at = SkipSpace(json, 0);
        if (at == json.Length)
        {
            return "the body is empty";
        }

        if (json[at] is not ((byte)'{' or (byte)'['))
        {
            return "expected an object or a list";
        }

        // One bit a level: set for an object. 64 levels are all that a ulong holds.
        ulong objects = 0;
        int depth = 0;
        bool afterColon = false;
        int limit = Math.Min(maxDepth, 64);
        while (true)
        {
            int next = json[at..].IndexOfAny(s_structure);
            if (next < 0)
            {
                return "the JSON text ends too early";
            }

            ReadOnlySpan<byte> between = json.Slice(at, next);
            if (depth == 1 && (objects & 1) != 0)
            {
                int colon = between.LastIndexOf((byte)':'), comma = between.LastIndexOf((byte)',');
                afterColon = colon == comma ? afterColon : colon > comma;
            }

            at += next;
            byte c = json[at++];
            switch (c)
            {
                case (byte)'"':
                    int end = StringEnd(json, at);
                    if (end < 0)
                    {
                        return "a string is not closed";
                    }

                    if (depth == 1 && (objects & 1) != 0 && !afterColon && json[at..end].SequenceEqual(key))
                    {
                        int value = SkipSpace(json, end + 1);
                        value = value < json.Length && json[value] == (byte)':' ? SkipSpace(json, value + 1) : json.Length;
                        valueAt = value < json.Length ? value : -1;
                    }

                    at = end + 1;
                    break;

                case (byte)'{' or (byte)'[':
                    if (depth == limit)
                    {
                        return $"it is nested more than {limit} levels deep";
                    }

                    objects = (objects << 1) | (c == (byte)'{' ? 1u : 0u);
                    depth++;
                    break;

                default:
                    if ((objects & 1) != (c == (byte)'}' ? 1u : 0u))
                    {
                        return $"'{(char)c}' at byte {at - 1} closes nothing";
                    }

                    objects >>= 1;
                    if (--depth == 0)
                    {
                        return SkipSpace(json, at) == json.Length ? null : "there is more after the end of the JSON text";
                    }

                    if (depth == 1)
                    {
                        afterColon = false;
                    }

                    break;
            }
        }
    }

    /// <summary>Whether the text is neither an object nor a list.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> json)
    {
        int at = SkipSpace(json, 0);
        return at < json.Length && json[at] is not ((byte)'{' or (byte)'[');
    }

    private static int StringEnd(ReadOnlySpan<byte> json, int at)
    {
        while (true)
        {
            int next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (json[at] == (byte)'"')
            {
                return at;
            }

            at += 2;
            if (at > json.Length)
            {
                return -1;
            }
        }
    }

    private static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }
}
