using System.Globalization;
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
        int margin = 0;
        while (TextColumns.Of(line) + margin > Columns)
        {
            int fitting = Fitting(line, Columns - margin);
            int space = line.LastIndexOf(' ', Math.Min(fitting, line.Length - 1));
            bool between = space > 0 && !string.IsNullOrWhiteSpace(line[..space]) && space > (margin == 0 ? indent : 0);
            int end = between ? space : fitting;
            _text.Append(' ', margin).Append(line.AsSpan(0, end).TrimEnd()).Append('\n');
            line = line[end..].TrimStart(' ');
            margin = indent;
        }

        _text.Append(' ', margin).Append(line).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>How many characters fit into so many columns, none of them cut apart.</summary>
    private static int Fitting(string line, int columns)
    {
        int end = 0;
        while (end < line.Length)
        {
            int length = StringInfo.GetNextTextElementLength(line, end);
            columns -= TextColumns.Of(line.Substring(end, length));
            if (columns < 0)
            {
                break;
            }

            end += length;
        }

        return end;
    }
}
