using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>
/// How the numbers of one sum are written: all with the same decimals, so that they can be added up as they stand, and far
/// from 1 with the same power of ten.
/// </summary>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Exponent">The power of ten they are written in; 0 for plain numbers.</param>
internal readonly record struct NumberScale(int Decimals, int Exponent)
{
    /// <summary>What stands for a number that is none.</summary>
    public const string NoNumber = "no number";

    // So many digits of a double mean something.
    private const int MostDigits = 15;

    /// <summary>The scale on which the largest step has three or four digits.</summary>
    /// <param name="first">An end of the sum.</param>
    /// <param name="last">The other.</param>
    /// <param name="steps">Its terms.</param>
    public static NumberScale For(double first, double last, ReadOnlySpan<double> steps)
    {
        double step = 0;
        foreach (double each in steps)
        {
            step = Math.Max(step, Size(each));
        }

        double all = Math.Max(step, Math.Max(Size(first), Size(last)));

        // Steps that are nothing beside their ends are easier to read without a power of ten that is not theirs.
        bool far = all is > 0 and < 1e-3 || (all >= 1e9 && (step >= all * 1e-6 || step == 0 || all >= 1e15));
        int exponent = far ? Power(all) : 0;
        int whole = all > 0 ? Math.Max(0, Power(all) - exponent) : 0;
        int power = step > 0 ? Power(step) - exponent : 0;
        return new NumberScale(Math.Clamp(power >= 0 ? 3 - power : 2 - power, 0, MostDigits - 1 - whole), exponent);
    }

    /// <summary>A number with a minus where it is below zero.</summary>
    public string Text(double value)
    {
        string digits = Digits(value);
        return value < 0 && digits.AsSpan().IndexOfAnyInRange('1', '9') >= 0 ? NumberText.Minus + digits : digits;
    }

    /// <summary>A number with its sign, also where it is too small to be seen; nothing has none.</summary>
    public string Signed(double value) =>
        value == 0 ? "0" : double.IsFinite(value) ? (value < 0 ? NumberText.Minus : "+") + Digits(value) : NoNumber;

    /// <summary>The number without a sign.</summary>
    public string Digits(double value) =>
        double.IsFinite(value)
            ? Mantissa(value).ToString("N" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + Suffix
            : NoNumber;

    /// <summary>The number as its reader reads it, in units of the power of ten.</summary>
    public decimal Read(double value)
    {
        double mantissa = Math.Min(Mantissa(value), 1e24);
        decimal read = decimal.Parse(
            mantissa.ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return value < 0 ? -read : read;
    }

    /// <summary>The fewest decimals from here on with which three numbers add up as they are read; this where none do.</summary>
    public NumberScale Adding(double first, double second, double sum)
    {
        for (int more = 0; more <= 6 && Decimals + more < MostDigits; more++)
        {
            NumberScale finer = this with { Decimals = Decimals + more };
            if (finer.Read(first) + finer.Read(second) == finer.Read(sum))
            {
                return finer;
            }
        }

        return this;
    }

    private string Suffix => Exponent == 0 ? "" : "e" + NumberText.Whole(Exponent);

    private static double Size(double value) => double.IsFinite(value) ? Math.Abs(value) : 0;

    private static int Power(double value) => (int)Math.Floor(Math.Log10(value));

    // Subnormals are out of reach of a power that is itself a double.
    private double Mantissa(double value) =>
        !double.IsFinite(value) ? 0 : Exponent < -300 ? Math.Abs(value) * 1e300 * Math.Pow(10, -Exponent - 300) : Math.Abs(value) * Math.Pow(10, -Exponent);
}
