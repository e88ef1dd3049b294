using System.Globalization;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>Says how far a run is and how long it will take: one line that changes on a terminal, now and then a line elsewhere.</summary>
/// <param name="writer">Where it is said.</param>
/// <param name="terminal">Whether a person watches a line that can change.</param>
/// <param name="total">How many rows there are to do; null where nobody knows.</param>
/// <param name="time">The clock.</param>
internal sealed class Progress(TextWriter writer, bool terminal, long? total, TimeProvider time)
{
    private readonly TimeSpan _pause = terminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10);
    private readonly long _start = time.GetTimestamp();
    private long _said = time.GetTimestamp();
    private long _done;
    private int _width;

    /// <summary>One more row is done.</summary>
    public void Add()
    {
        _done++;
        if (time.GetElapsedTime(_said) >= _pause)
        {
            _said = time.GetTimestamp();
            Say(terminal ? "\r" : "", terminal ? "" : "\n");
        }
    }

    /// <summary>Says it a last time.</summary>
    public void End() => Say(terminal ? "\r" : "", "\n");

    /// <summary>How far it is.</summary>
    internal string Text()
    {
        double seconds = time.GetElapsedTime(_start).TotalSeconds;
        double rate = seconds > 0 ? _done / seconds : 0;
        string text = total is { } all
            ? string.Create(CultureInfo.InvariantCulture, $"{_done} of {all} rows, {(all == 0 ? 100 : 100 * _done / all)} %")
            : string.Create(CultureInfo.InvariantCulture, $"{_done} rows");
        text += string.Create(CultureInfo.InvariantCulture, $", {Digits(rate)} rows/s");
        return total - _done is > 0 and var left && rate > 0 ? text + ", " + Span(TimeSpan.FromSeconds(left / rate)) + " left" : text;
    }

    private static string Digits(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds)} s"),
    };

    private void Say(string before, string after)
    {
        string text = Text();
        string padded = terminal ? text.PadRight(_width) : text;
        _width = text.Length;
        writer.Write(before + padded + after);
        writer.Flush();
    }
}
