using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Sidecars.Explainers.Answers;

/// <summary>
/// HTML or SVG as it is written. In <c>Add($"…{hole}…")</c> the literal parts are markup and the holes are text: names from
/// an artefact or a request are escaped because nothing else can be written there, but another piece of markup.
/// </summary>
internal sealed class Markup
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select(static c => (char)c).Where(static c => c is not ('\t' or '\n' or '\r')), '\uFFFE', '\uFFFF',
        .. "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069",
    ]);

    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    public Markup Add([InterpolatedStringHandlerArgument("")] ref Handler parts)
    {
        _ = parts;
        return this;
    }

    /// <summary>Adds markup as it is; for literals, which come from nobody.</summary>
    public Markup Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    public override string ToString() => _text.ToString();

    /// <summary>
    /// Control characters cannot stand in XML, not even escaped: one in a name would make a picture of nothing. Those that
    /// turn the direction of a text would turn what follows a name as well. Both are shown as characters that cannot be shown.
    /// </summary>
    private static string Allowed(string text) =>
        text.AsSpan().IndexOfAny(s_forbidden) < 0 ? text : string.Concat(text.Select(static c => s_forbidden.Contains(c) ? '\uFFFD' : c));

    /// <summary>
    /// A name that is written from right to left would draw the signs and numbers beside it to its other side: it is set
    /// apart from them, in pictures too, which know no element for that.
    /// </summary>
    private static bool RunsLeft(string text) =>
        text.AsSpan().IndexOfAnyInRange('\u0590', '\uFEFC') >= 0
        && text.Any(static c => c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC'));

    /// <summary>Takes the parts of an interpolated string, each by what it is.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, Markup to)
        {
            _ = formattedCount;
            _text = to._text;
            _text.EnsureCapacity(_text.Length + literalLength);
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text)
        {
            string escaped = s_encoder.Encode(Allowed(text ?? ""));
            _ = RunsLeft(text ?? "") ? _text.Append('\u2068').Append(escaped).Append('\u2069') : _text.Append(escaped);
        }

        public void AppendFormatted(Markup piece) => _text.Append(piece._text);

        public void AppendFormatted<T>(T number, string? format = null) where T : ISpanFormattable =>
            _text.Append(number.ToString(format, CultureInfo.InvariantCulture));
    }
}
