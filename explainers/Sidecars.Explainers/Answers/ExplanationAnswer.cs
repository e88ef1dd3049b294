using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sidecars.Explainers.Answers;

/// <summary>What an explainer found, to be given out in whichever form its caller wants.</summary>
internal abstract class ExplanationAnswer
{
    public ReadOnlyMemory<byte> Encode(AnswerForm form) =>
        form == AnswerForm.Page ? Page().ToUtf8()
        : form == AnswerForm.Picture ? Picture().ToUtf8()
        : form == AnswerForm.Text ? Encoding.UTF8.GetBytes(Text())
        : Json();

    /// <summary>The document in alibi's shape.</summary>
    protected abstract void WriteJson(Utf8JsonWriter json);

    /// <summary>A whole HTML document that needs nothing but itself.</summary>
    protected abstract Markup Page();

    /// <summary>An SVG document.</summary>
    protected abstract Markup Picture();

    /// <summary>Lines for a terminal or a log, with the last line's end.</summary>
    protected abstract string Text();

    private ReadOnlyMemory<byte> Json()
    {
        var to = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(to, JsonNumbers.Options))
        {
            WriteJson(json);
        }

        return to.WrittenMemory;
    }
}
