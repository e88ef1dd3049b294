using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Tabular;

/// <summary>
/// Reads CSV as RFC 4180 describes it, from UTF-8 bytes: commas, quotes that double inside quotes, CR LF, LF or CR at the
/// end of a line, a byte order mark. Empty lines count for nothing. It gives out views of the bytes and makes no text, which
/// is what reading training data at every start needs; the CSV packages there are make texts, or code at run time.
/// </summary>
internal ref struct CsvReader
{
    private readonly ReadOnlySpan<byte> _csv;
    private byte[] _unescaped = [];
    private int _at;
    private bool _inRecord;

    public CsvReader(ReadOnlySpan<byte> csv)
    {
        _csv = csv;
        _at = csv.StartsWith("\uFEFF"u8) ? 3 : 0;
        NextLine = 1;
    }

    /// <summary>The line the current record begins on, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>What is wrong with the quotes of the current record, as far as it was read; null for nothing.</summary>
    public string? Broken { get; private set; }

    private int NextLine { get; set; }

    /// <summary>Goes to the next record; skips what is left of this one.</summary>
    public bool NextRecord()
    {
        while (_inRecord && NextField(out _))
        {
        }

        while (_at < _csv.Length && _csv[_at] is (byte)'\r' or (byte)'\n')
        {
            TakeLineEnd();
        }

        Line = NextLine;
        Broken = null;
        _inRecord = _at < _csv.Length;
        return _inRecord;
    }

    /// <summary>Gives out the next field of the record, without its quotes; it is valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextField(out ReadOnlySpan<byte> field)
    {
        field = default;
        if (!_inRecord)
        {
            return false;
        }

        bool quoted = _at < _csv.Length && _csv[_at] == (byte)'"';
        if (quoted)
        {
            field = ReadQuoted();
        }

        int end = _csv[_at..].IndexOfAny((byte)',', (byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> rest = end < 0 ? _csv[_at..] : _csv.Slice(_at, end);
        if (!quoted)
        {
            field = rest;
        }
        else if (!rest.IsEmpty)
        {
            Broken ??= "there is text after a closing quote";
        }

        _at = end < 0 ? _csv.Length : _at + end;
        if (_at < _csv.Length && _csv[_at] == (byte)',')
        {
            _at++;
            return true;
        }

        _inRecord = false;
        TakeLineEnd();
        return true;
    }

    /// <summary>Counts what is left of the record.</summary>
    public int CountRest()
    {
        int count = 0;
        while (NextField(out _))
        {
            count++;
        }

        return count;
    }

    private ReadOnlySpan<byte> ReadQuoted()
    {
        int start = ++_at, copied = 0;
        bool escaped = false;
        while (true)
        {
            int quote = _csv[_at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                Broken = "a quote is never closed";
                _at = _csv.Length;
                return _csv[start..];
            }

            NextLine += _csv.Slice(_at, quote).Count((byte)'\n');
            int close = _at + quote;
            bool doubled = close + 1 < _csv.Length && _csv[close + 1] == (byte)'"';
            if (!doubled && !escaped)
            {
                _at = close + 1;
                return _csv[start..close];
            }

            // What was read so far, with the quote itself when it was doubled.
            ReadOnlySpan<byte> part = _csv[_at..(doubled ? close + 1 : close)];
            if (_unescaped.Length < copied + part.Length)
            {
                Array.Resize(ref _unescaped, Math.Max(256, (copied + part.Length) * 2));
            }

            part.CopyTo(_unescaped.AsSpan(copied));
            copied += part.Length;
            escaped = true;
            _at = close + (doubled ? 2 : 1);
            if (!doubled)
            {
                return _unescaped.AsSpan(0, copied);
            }
        }
    }

    private void TakeLineEnd()
    {
        if (_at < _csv.Length)
        {
            _at += _csv[_at] == (byte)'\r' && _at + 1 < _csv.Length && _csv[_at + 1] == (byte)'\n' ? 2 : 1;
            NextLine++;
        }
    }
}
