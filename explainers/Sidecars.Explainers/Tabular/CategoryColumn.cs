using System.Globalization;
using System.Text;

namespace Sidecars.Explainers.Tabular;

/// <summary>
/// Turns the values of one categorical column into codes. A value is a category's name or its code. Where names look like
/// codes of other categories (<c>"1", "2", "3"</c>) the column as a whole decides: names if every value is one, else codes.
/// </summary>
internal sealed class CategoryColumn
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly bool _ambiguous;
    private readonly List<(int Name, int Code)> _both = [];

    public CategoryColumn(IReadOnlyList<string> names)
    {
        Names = names;
        for (int i = 0; i < names.Count; i++)
        {
            _codes[names[i]] = i;
            _ambiguous |= TryCode(names[i], out int code) && code != i;
        }

        _lookup = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The code of one value that stands alone, such as one of a request; -1 for none.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        int name = FindName(text);
        return name >= 0 || !TryCode(text, out int code) ? name : code;
    }

    /// <summary>The code of the column's next value; -1 for none. <see cref="Settle"/> may change it.</summary>
    public int Next(ReadOnlySpan<byte> utf8)
    {
        // Where names are not mistaken for codes, a short whole number is a code, or a name that is its own.
        if (!_ambiguous && ShortNumber.TryWhole(utf8, out int whole) && whole < Names.Count)
        {
            return whole;
        }

        Span<char> buffer = utf8.Length <= 256 ? stackalloc char[256] : new char[utf8.Length];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (!_ambiguous)
        {
            return Find(text);
        }

        int name = FindName(text);
        int code = TryCode(text, out int given) ? given : -1;
        _both.Add((name, code));
        return name >= 0 ? name : code;
    }

    /// <summary>Decides an ambiguous column once all of it was read, and corrects its values.</summary>
    /// <param name="set">Sets a value of the column: its position and code.</param>
    /// <returns>Whether the column is one or the other.</returns>
    public bool Settle(Action<int, int> set)
    {
        if (!_ambiguous || _both.TrueForAll(static v => v.Name >= 0))
        {
            return true;
        }

        if (!_both.TrueForAll(static v => v.Code >= 0))
        {
            return false;
        }

        for (int i = 0; i < _both.Count; i++)
        {
            set(i, _both[i].Code);
        }

        return true;
    }

    /// <summary>Some of the names, for error texts.</summary>
    public string Some() => Names.Count <= 10
        ? string.Join(", ", Names.Select(static n => $"'{n}'"))
        : string.Join(", ", Names.Take(10).Select(static n => $"'{n}'")) + $" and {Names.Count - 10} more";

    private int FindName(ReadOnlySpan<char> text) =>
        _lookup.TryGetValue(text, out int code) || _lookup.TryGetValue(text.Trim(), out code) ? code : -1;

    private bool TryCode(ReadOnlySpan<char> text, out int code)
    {
        bool whole = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= 0 && value < Names.Count && value == Math.Floor(value);
        code = whole ? (int)value : -1;
        return whole;
    }
}
