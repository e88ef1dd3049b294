using System.Text.Json;
using System.Text.Unicode;

namespace Sidecars.Protocol;

/// <summary>Strict JSON into a document; what cannot be read is a 400 with KServe's prefix.</summary>
internal static class JsonParsing
{
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, int maxDepth)
    {
        RequireUtf8(json.Span);
        JsonContent.Check(json.Span, maxDepth);
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException e)
        {
            throw Unrecognized(Describe(e));
        }
    }

    /// <summary>The parser reads strings lazily, so bad text would otherwise only show when somebody reads it.</summary>
    public static void RequireUtf8(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw Unrecognized("the text is not valid UTF-8");
        }
    }

    public static InferenceException Unrecognized(string reason) =>
        InferenceException.InvalidInput("Unrecognized request format: " + reason);

    public static string Describe(JsonException e)
    {
        // The exception's own text repeats the position in a form that speaks of .NET paths.
        int cut = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        cut = cut < 0 ? e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : cut;
        string text = cut < 0 ? e.Message : e.Message[..cut];
        return e.LineNumber is { } line ? $"{text} (line {line + 1}, byte {e.BytePositionInLine + 1})" : text;
    }
}
