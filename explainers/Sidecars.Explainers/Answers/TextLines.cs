using System.Text;

namespace Sidecars.Explainers.Answers;

/// <summary>Lines of at most 80 columns, for terminals and logs.</summary>
internal sealed class TextLines
{
    public const int Columns = 80;

    private readonly StringBuilder _text = new();

    /// <summary>A line; where it is too long it goes on below, indented.</summary>
    /// <param name="line">What it says.</param>
    /// <param name="indent">How far it goes on below.</param>
    public TextLines Add(string line = "", int indent = 0)
    {
        line = TextColumns.Clean(line);
        int start = 0;
        while (line.Length - start + (start == 0 ? 0 : indent) > Columns)
        {
            int room = Columns - (start == 0 ? 0 : indent);
            int space = line.LastIndexOf(' ', start + room, room);
            int end = space > start + (start == 0 ? indent : 0) ? space : Whole(line, start + room);
            Append(line.AsSpan(start, end - start).TrimEnd(), start == 0 ? 0 : indent);
            start = end;
            while (start < line.Length && line[start] == ' ')
            {
                start++;
            }
        }

        Append(line.AsSpan(start), start == 0 ? 0 : indent);
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Not between the two halves of one character.</summary>
    private static int Whole(string text, int end) => end < text.Length && end > 1 && char.IsLowSurrogate(text[end]) ? end - 1 : end;

    private void Append(ReadOnlySpan<char> part, int indent) => _text.Append(' ', indent).Append(part).Append('\n');
}
