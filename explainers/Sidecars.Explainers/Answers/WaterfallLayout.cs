namespace Sidecars.Explainers.Answers;

/// <summary>
/// Where everything of a waterfall stands: from the base value at the top, step by step, to the model's answer at the
/// bottom, over an axis. It knows numbers and pixels and writes nothing.
/// </summary>
internal sealed class WaterfallLayout
{
    public const double FontSize = 13;

    private const double Margin = 4, Gap = 6, AxisHeight = 46, LeastPlot = 120;
    private readonly WaterfallShape _shape;
    private readonly NumberScale _numbers;
    private readonly double _low;
    private readonly double _high;
    private readonly double _nameRoom;
    private readonly bool _numbersAbove;

    /// <param name="shape">The measures.</param>
    /// <param name="steps">The steps, in their order.</param>
    /// <param name="from">The base value.</param>
    /// <param name="to">The model's answer.</param>
    /// <param name="numbers">How numbers are written.</param>
    public WaterfallLayout(WaterfallShape shape, IReadOnlyList<WaterfallStep> steps, double from, double to, NumberScale numbers)
    {
        (_shape, _numbers) = (shape, numbers);
        double[] totals = new double[steps.Count + 1];
        totals[0] = from;
        for (int i = 0; i < steps.Count; i++)
        {
            totals[i + 1] = totals[i] + steps[i].Effect;
        }

        (_low, _high) = Domain(totals, steps, to);
        double number = steps.Select(step => Measure(numbers.Signed(step.Effect)))
            .Append(TextWidth.Bold * Measure(numbers.Text(from))).Append(TextWidth.Bold * Measure(numbers.Text(to))).Max() + (2 * Gap);

        // Whatever points to the left has its number there; where nothing does, no room is kept for it. Where numbers would
        // leave nothing of a narrow picture they stand above their bars, in the line of the names.
        double before = steps.Where(static step => step.Effect < 0).Select(step => Measure(numbers.Signed(step.Effect)) + (2 * Gap)).Append(Gap).Max();
        double room = shape.Width - (2 * Margin) - before - number;
        _numbersAbove = shape.NamesAbove && room < LeastPlot;
        double most = Math.Min(shape.MostNameWidth, room - LeastPlot - (2 * Gap));
        double names = shape.NamesAbove ? 0 : Math.Min(steps.Select(step => Measure(Full(step))).Append(TextWidth.Bold * Measure(WaterfallBar.Base)).Max(), most) + (2 * Gap);
        _nameRoom = shape.NamesAbove ? shape.Width - (2 * Margin) : names - (2 * Gap);
        Left = Margin + (_numbersAbove ? Gap : names + before);
        Right = shape.Width - Margin - (_numbersAbove ? Gap : number);
        Height = Margin + ((steps.Count + 2) * shape.RowHeight) + AxisHeight;
        Bars =
        [
            Place(new WaterfallStep(WaterfallBar.Base, null, 0, 0), numbers.Text(from), from, from, 0, TextWidth.Bold),
            .. steps.Select((step, i) => Place(step, numbers.Signed(step.Effect), totals[i], totals[i + 1], i + 1)),
            Place(new WaterfallStep(WaterfallBar.Answer, null, 0, 0), numbers.Text(to), to, to, steps.Count + 1, TextWidth.Bold),
        ];
        Ticks = Fitting();
    }

    public double Width => _shape.Width;

    public double Height { get; }

    public double BarHeight => _shape.BarHeight;

    /// <summary>Whether names end where bars begin; else they begin at the left.</summary>
    public bool NamesEndAtBars => !_shape.NamesAbove;

    /// <summary>The axis' ends.</summary>
    public double Left { get; }

    public double Right { get; }

    public double AxisY => Height - AxisHeight;

    /// <summary>The base value, the steps, and the answer.</summary>
    public IReadOnlyList<WaterfallBar> Bars { get; }

    public IReadOnlyList<(double X, string Text)> Ticks { get; }

    /// <summary>The place of a number on the axis.</summary>
    public double X(double value) => Left + ((value - _low) / (_high - _low) * (Right - Left));

    /// <summary>The number at a place of the axis.</summary>
    public double Value(double x) => _low + ((x - Left) / (Right - Left) * (_high - _low));

    public static double Measure(string text) => TextWidth.Of(text, FontSize);

    private static string Full(WaterfallStep step) => step.Cell is null ? step.Name : $"{step.Name} = {step.Cell}";

    private static (double Low, double High) Domain(double[] totals, IReadOnlyList<WaterfallStep> steps, double to)
    {
        double low = Math.Min(to, totals.Min()), high = Math.Max(to, totals.Max());
        for (int i = 0; i < steps.Count; i++)
        {
            low = Math.Min(low, totals[i + 1] - steps[i].Error);
            high = Math.Max(high, totals[i + 1] + steps[i].Error);
        }

        // Nothing moves: the one number stands in the middle of some room.
        double room = high - low > Math.Abs(high) * 1e-13 ? 0 : high == 0 ? 1 : Math.Abs(high) / 10;
        return (low - room, high + room);
    }

    private WaterfallBar Place(WaterfallStep step, string number, double from, double to, int line, double weight = 1)
    {
        double top = Margin + (line * _shape.RowHeight);
        double y = _shape.NamesAbove ? top + _shape.RowHeight - (_shape.BarHeight / 2) - 5 : top + (_shape.RowHeight / 2);
        double start = X(from), end = X(to), error = X(to + step.Error) - end, width = weight * Measure(number);
        (string name, string? cell) = Fit(step, _nameRoom - (_numbersAbove ? width + (2 * Gap) : 0));

        // A number stands beyond the tip, where the arrow points; those of the ends where there is room.
        bool left = step.Effect < 0 || (step.Effect == 0 && end + Gap + 4 + width > _shape.Width - Margin);
        double away = Gap + Math.Max(error, step.Effect == 0 ? 4 : 0);
        return new WaterfallBar
        {
            Name = name,
            Cell = cell,
            FullName = Full(step),
            NameX = _shape.NamesAbove ? Margin : Margin + _nameRoom,
            NameY = _shape.NamesAbove ? top + 14 : y + 4.5,
            Start = start,
            End = end,
            Y = y,
            Error = error,
            Number = number,
            NumberX = _numbersAbove ? _shape.Width - Margin - width : left ? end - away - width : end + away,
            NumberY = _numbersAbove ? top + 14 : y + 4.5,
            NumberWidth = width,
            NumberEnds = left || _numbersAbove,
            Raises = step.Effect == 0 ? null : step.Effect > 0,
        };
    }

    /// <summary>A long value leaves half of the room to the name; a long name what the value leaves.</summary>
    private (string Name, string? Cell) Fit(WaterfallStep step, double room)
    {
        if (step.Cell is null)
        {
            return (TextWidth.Shorten(step.Name, FontSize, room), null);
        }

        double between = Measure(" = ");
        string cell = TextWidth.Shorten(step.Cell, FontSize, Math.Max(room / 2, room - between - Measure(step.Name)));
        return (TextWidth.Shorten(step.Name, FontSize, room - between - Measure(cell)), cell);
    }

    /// <summary>As many ticks as stand beside each other without touching.</summary>
    private (double X, string Text)[] Fitting()
    {
        for (int wanted = _shape.NamesAbove ? 4 : 7; wanted > 0; wanted--)
        {
            double[] values = AxisTicks.Between(_low, _high, wanted);
            NumberScale scale = Scale(values);
            (double X, string Text)[] ticks = [.. values.Select(value => (X(value), scale.Text(value)))];
            bool apart = !ticks.Zip(ticks.Skip(1)).Any(pair =>
                pair.Second.X - pair.First.X < ((Measure(pair.First.Text) + Measure(pair.Second.Text)) / 2) + (2 * Gap));
            if (apart && ticks.All(tick => tick.X - (Measure(tick.Text) / 2) >= 0 && tick.X + (Measure(tick.Text) / 2) <= _shape.Width))
            {
                return ticks;
            }
        }

        return [];
    }

    /// <summary>Ticks have the power of ten of the other numbers, and as many decimals as their distance needs.</summary>
    private NumberScale Scale(double[] ticks)
    {
        double step = ticks.Length > 1 ? ticks[1] - ticks[0] : 0;
        return step > 0
            ? _numbers with { Decimals = Math.Clamp(_numbers.Exponent - (int)Math.Floor(Math.Log10(step * 1.0001)), 0, 15) }
            : _numbers;
    }
}
