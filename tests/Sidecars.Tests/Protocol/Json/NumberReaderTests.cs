using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol.Json;

public class NumberReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("00")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.5E-")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("null")]
    [InlineData("\"1\"")]
    [InlineData(" 1")]
    [InlineData("--1")]
    [InlineData("x")]
    public void Read_OfWhatIsNoJsonNumber_SaysSoAndStays(string text)
    {
        // Once at the very end of the text, once with enough after it for the paths that read ahead.
        foreach (string tail in new[] { "", ",                              " })
        {
            byte[] json = Encoding.UTF8.GetBytes("[" + text + tail);
            int position = 1;
            NumberReader.ReadDouble(json, ref position, out _).Should().Be(NumberResult.NotANumber);
            NumberReader.ReadSingle(json, ref position, out _).Should().Be(NumberResult.NotANumber);
            NumberReader.ReadInt64(json, ref position, out _).Should().Be(NumberResult.NotANumber);
            NumberReader.ReadUInt64(json, ref position, out _).Should().Be(NumberResult.NotANumber);
            position.Should().Be(1);
        }
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("-0.0", -0.0)]
    [InlineData("0e999999999999", 0.0)]
    [InlineData("0.000000000000000000000000e5", 0.0)]
    [InlineData("1e0", 1.0)]
    [InlineData("1E+2", 100.0)]
    [InlineData("-1.5e-3", -0.0015)]
    [InlineData("12345678901234567890123", 1.2345678901234568e22)]
    [InlineData("1e-400", 0.0)]
    [InlineData("-1e-99999999999", -0.0)]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", 0.1)]
    public void ReadDouble_OfValidText_GivesTheValueAndMovesPastIt(string text, double expected)
    {
        Double(text).Should().Be((NumberResult.Ok, expected));
        BitConverter.DoubleToInt64Bits(Double(text).Value).Should().Be(BitConverter.DoubleToInt64Bits(expected));
    }

    [Theory]
    [InlineData("1e309")]
    [InlineData("-1e999")]
    [InlineData("1e99999999999999")]
    [InlineData("1.7976931348623159e308")]
    public void ReadDouble_BeyondItsRange_IsOutOfRange(string text) =>
        Double(text).Result.Should().Be(NumberResult.OutOfRange);

    [Theory]
    [InlineData("1e39")]
    [InlineData("-3.5e38")]
    [InlineData("1e999")]
    [InlineData("340282356779733661637539395458142568448")]
    public void ReadSingle_BeyondItsRange_IsOutOfRange(string text) =>
        Single(text).Result.Should().Be(NumberResult.OutOfRange);

    [Theory]
    [InlineData("16777217", 16777216f)]
    [InlineData("16777217.00000000000000000000000001", 16777218f)]
    [InlineData("16777216.99999999999999999999999999", 16777216f)]
    [InlineData("340282356779733661637539395458142568447", float.MaxValue)]
    [InlineData("3.4028235677973366e38", float.MaxValue)]
    [InlineData("1e-46", 0f)]
    [InlineData("0.7006492321624086e-45", float.Epsilon)]
    [InlineData("0.7006492321624085e-45", 0f)]
    [InlineData("-1e-400", -0f)]
    public void ReadSingle_NearAMidpoint_RoundsOnce(string text, float expected)
    {
        Single(text).Should().Be((NumberResult.Ok, expected));
        float.Parse(text, CultureInfo.InvariantCulture).Should().Be(expected);
    }

    [Fact]
    public void ReadDouble_HalfWayBeyondTheLargest_IsOutOfRangeAndJustBelowIsTheLargest()
    {
        BigInteger middle = (BigInteger.One << 1024) - (BigInteger.One << 970);
        Double($"{middle}").Result.Should().Be(NumberResult.OutOfRange);
        Double($"{middle - 1}").Should().Be((NumberResult.Ok, double.MaxValue));
        Double($"-{middle - 1}.99").Should().Be((NumberResult.Ok, double.MinValue));
    }

    [Fact]
    public void ReadDouble_OfRandomDecimals_EqualsTheRuntime() =>
        GenDecimal.Sample(CheckBoth, iter: 200_000);

    [Fact]
    public void ReadDouble_OfWrittenDoubles_RoundTrips() =>
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite)
            .Sample(v => Double(v.ToString("R", CultureInfo.InvariantCulture)).Should().Be((NumberResult.Ok, v)), iter: 100_000);

    [Fact]
    public void ReadSingle_OfFloatsAllOverTheRange_RoundTrips()
    {
        byte[] buffer = new byte[64];
        for (uint bits = 0; bits < 0x7F80_0000; bits += 4999)
        {
            float value = BitConverter.UInt32BitsToSingle(bits);
            int length = NumberWriter.Write(value, buffer);
            buffer[length] = (byte)',';
            int position = 0;
            NumberReader.ReadSingle(buffer, ref position, out float read).Should().Be(NumberResult.Ok);
            (read, position).Should().Be((value, length));
        }
    }

    [Fact]
    public void Read_OfExactMidpoints_RoundsToEvenAndADigitBeyondThemUp()
    {
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            // Half-way between a double and the next, written out in full: up to 767 digits.
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(0, 0x7FE0_0000_0000_0000));
            string middle = Midpoint(value);
            CheckBoth(middle + "e-1100");
            CheckBoth(middle[..^1] + "49999999999999999999e-1120");
            CheckBoth(middle + new string('0', 800) + "1e-1901");

            float single = BitConverter.Int32BitsToSingle(random.Next(0, 0x7F00_0000));
            string singleMiddle = Midpoint(single, MathF.BitIncrement(single));
            CheckBoth(singleMiddle + "e-1100");
            CheckBoth(singleMiddle + new string('0', 900) + "1e-2001");
        }
    }

    [Fact]
    public void Read_WithMoreZerosThanAnExponentFieldHolds_IsStillExact()
    {
        string zeros = new('0', 20_000);
        Double($"0.{zeros}12345678901234567890123e20001").Should().Be((NumberResult.Ok, 0.12345678901234567890123e1));
        Double($"1{zeros}e-20000").Should().Be((NumberResult.Ok, 1.0));
        Int($"15{zeros}e-20001").Result.Should().Be(NumberResult.NotIntegral);
        Int($"15{zeros}e-20000").Should().Be((NumberResult.Ok, 15));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("-0", 0)]
    [InlineData("7.0", 7)]
    [InlineData("1e2", 100)]
    [InlineData("1.50e1", 15)]
    [InlineData("-1200e-2", -12)]
    [InlineData("0e99999999999", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807.0000000000000000000000", long.MaxValue)]
    [InlineData("9.223372036854775807e18", long.MaxValue)]
    public void ReadInt64_OfIntegralValues_GivesThem(string text, long expected) =>
        Int(text).Should().Be((NumberResult.Ok, expected));

    [Theory]
    [InlineData("1.5", nameof(NumberResult.NotIntegral))]
    [InlineData("1e-1", nameof(NumberResult.NotIntegral))]
    [InlineData("-0.0000000000000000000001", nameof(NumberResult.NotIntegral))]
    [InlineData("9223372036854775808", nameof(NumberResult.OutOfRange))]
    [InlineData("-9223372036854775809", nameof(NumberResult.OutOfRange))]
    [InlineData("18446744073709551616", nameof(NumberResult.OutOfRange))]
    [InlineData("99999999999999999999999", nameof(NumberResult.OutOfRange))]
    [InlineData("1e19", nameof(NumberResult.OutOfRange))]
    [InlineData("1e999999999999", nameof(NumberResult.OutOfRange))]
    public void ReadInt64_OfOtherNumbers_SaysWhyAndStays(string text, string expected) =>
        Int(text).Result.ToString().Should().Be(expected);

    [Fact]
    public void ReadUInt64_AtItsLimits_IsExact()
    {
        Unsigned("18446744073709551615").Should().Be((NumberResult.Ok, ulong.MaxValue));
        Unsigned("18446744073709551616").Result.Should().Be(NumberResult.OutOfRange);
        Unsigned("-1").Result.Should().Be(NumberResult.OutOfRange);
        Unsigned("-0").Should().Be((NumberResult.Ok, 0));
        Unsigned("1.8446744073709551615e19").Should().Be((NumberResult.Ok, ulong.MaxValue));
    }

    [Fact]
    public void ReadInt64_OfAnyLong_RoundTrips() =>
        Gen.Long.Sample(v => Int(v.ToString(CultureInfo.InvariantCulture)).Should().Be((NumberResult.Ok, v)));

    [Fact]
    public void Read_OfNarrowIntegers_ChecksTheirRange()
    {
        int position = 0;
        NumberReader.Read("255"u8, ref position, out byte b).Should().Be(NumberResult.Ok);
        (b, position).Should().Be((255, 3));
        position = 0;
        NumberReader.Read("256"u8, ref position, out b).Should().Be(NumberResult.OutOfRange);
        NumberReader.Read("-1"u8, ref position, out uint u).Should().Be(NumberResult.OutOfRange);
        NumberReader.Read("-129"u8, ref position, out sbyte s).Should().Be(NumberResult.OutOfRange);
        NumberReader.Read("2147483648"u8, ref position, out int i).Should().Be(NumberResult.OutOfRange);
        (b, u, s, i, position).Should().Be((0, 0u, 0, 0, 0));
    }

    private static readonly Gen<string> GenDecimal =
        from sign in Gen.OneOf(Gen.Const(""), Gen.Const("-"))
        from integer in Gen.OneOf(Gen.Const("0"), Gen.ULong.Select(v => v.ToString(CultureInfo.InvariantCulture)),
            Gen.Int[0, 999].Select(v => v.ToString(CultureInfo.InvariantCulture)))
        from fraction in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char['0', '9'], 1, 40].Select(v => "." + v))
        from exponent in Gen.OneOf(Gen.Const(""), Gen.Int[-25, 25].Select(v => $"e{v}"), Gen.Int[-360, 330].Select(v => $"E{v}"))
        select sign + integer + fraction + exponent;

    private static void CheckBoth(string text)
    {
        double expected = double.Parse(text, CultureInfo.InvariantCulture);
        Double(text).Should().Be(
            double.IsInfinity(expected) ? (NumberResult.OutOfRange, 0) : (NumberResult.Ok, expected), "of {0}", text);
        float single = float.Parse(text, CultureInfo.InvariantCulture);
        Single(text).Should().Be(
            float.IsInfinity(single) ? (NumberResult.OutOfRange, 0) : (NumberResult.Ok, single), "of {0}", text);
    }

    // The exact sum of a number and its upper neighbour, halved, times 10^1100: an integer.
    private static string Midpoint(double value) => Midpoint(value, Math.BitIncrement(value));

    private static string Midpoint(double value, double next)
    {
        BigInteger sum = Scaled(value) + Scaled(next);
        return (sum * BigInteger.Pow(10, 1100) >> 1101).ToString(CultureInfo.InvariantCulture);
    }

    private static BigInteger Scaled(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        long fraction = bits & ((1L << 52) - 1);
        int exponent = (int)(bits >> 52);
        BigInteger c = exponent == 0 ? fraction : fraction | (1L << 52);
        return c << (Math.Max(exponent, 1) - 1075 + 1100);
    }

    // Every text is read twice: as the last thing there is, and inside something longer.
    private static (NumberResult Result, double Value) Double(string text) => Twice(
        text, static (ReadOnlySpan<byte> json, ref int p) => (NumberReader.ReadDouble(json, ref p, out double v), v));

    private static (NumberResult Result, float Value) Single(string text) => Twice(
        text, static (ReadOnlySpan<byte> json, ref int p) => (NumberReader.ReadSingle(json, ref p, out float v), v));

    private static (NumberResult Result, long Value) Int(string text) => Twice(
        text, static (ReadOnlySpan<byte> json, ref int p) => (NumberReader.ReadInt64(json, ref p, out long v), v));

    private static (NumberResult Result, ulong Value) Unsigned(string text) => Twice(
        text, static (ReadOnlySpan<byte> json, ref int p) => (NumberReader.ReadUInt64(json, ref p, out ulong v), v));

    private delegate (NumberResult Result, T Value) Reader<T>(ReadOnlySpan<byte> json, ref int position);

    private static (NumberResult Result, T Value) Twice<T>(string text, Reader<T> read)
    {
        int position = 0;
        (NumberResult Result, T Value) alone = read(Encoding.ASCII.GetBytes(text), ref position);
        position.Should().Be(alone.Result == NumberResult.Ok ? text.Length : 0);
        position = 3;
        read(Encoding.ASCII.GetBytes("[9," + text + ",123456789012345678901234567890"), ref position).Should().Be(alone);
        position.Should().Be(3 + (alone.Result == NumberResult.Ok ? text.Length : 0));
        return alone;
    }
}
