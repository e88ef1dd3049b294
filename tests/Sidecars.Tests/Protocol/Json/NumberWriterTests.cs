using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol.Json;

public class NumberWriterTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-255.0, "-255.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.5, "0.5")]
    [InlineData(1e-4, "0.0001")]
    [InlineData(1e-5, "0.00001")]
    [InlineData(1.2345678901234567e-5, "0.000012345678901234568")]
    [InlineData(9.999e-6, "9.999e-6")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(99999999.0, "99999999.0")]
    [InlineData(100000000.0, "100000000.0")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(12345678.5, "12345678.5")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(9007199254740991.0, "9007199254740991.0")]
    [InlineData(9007199254740992.0, "9007199254740992.0")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e16")]
    [InlineData(1e20, "1e20")]
    [InlineData(1e22, "1e22")]
    [InlineData(1.234e33, "1.234e33")]
    [InlineData(2e23, "2e23")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1e-323, "1e-323")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [InlineData(2.225073858507201e-308, "2.225073858507201e-308")]
    [InlineData(-1.7976931348623157e308, "-1.7976931348623157e308")]
    [InlineData(0.10000000149011612, "0.10000000149011612")]
    public void Write_OfDoubles_GivesTheExactText(double value, string expected) => Text(value).Should().Be(expected);

    [Theory]
    [InlineData(0f, "0.0")]
    [InlineData(-0f, "-0.0")]
    [InlineData(16777216f, "16777216.0")]
    [InlineData(33554432f, "33554432.0")]
    [InlineData(0.1f, "0.1")]
    [InlineData(-1.2345f, "-1.2345")]
    [InlineData(1e-5f, "0.00001")]
    [InlineData(9.5367431640625e-7f, "9.536743e-7")]
    [InlineData(1.234e12f, "1234000000000.0")]
    [InlineData(1e16f, "1e16")]
    [InlineData(1e-45f, "1e-45")]
    [InlineData(1.1754944e-38f, "1.1754944e-38")]
    [InlineData(3.4028235e38f, "3.4028235e38")]
    public void Write_OfFloats_GivesTheExactText(float value, string expected) => Text(value).Should().Be(expected);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Write_OfWhatIsNotFinite_Throws(double value)
    {
        ((Action)(() => Text(value))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => Text((float)value))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Write_WithTooLittleRoom_Throws()
    {
        Action write = () => NumberWriter.Write(1.0, new byte[NumberWriter.MaxLength - 1]);
        write.Should().Throw<ArgumentException>().WithMessage("*32*31*");
    }

    [Fact]
    public void Write_OfAnyDouble_RoundTripsInTheFewestDigits() =>
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite).Sample(CheckDouble, iter: 200_000);

    [Fact]
    public void Write_OfDoublesOfEverydaySize_RoundTripsInTheFewestDigits() =>
        Gen.Select(Gen.Long[-10_000_000_000, 10_000_000_000], Gen.Int[0, 14])
            .Select((digits, scale) => digits / Math.Pow(10, scale))
            .Sample(CheckDouble, iter: 100_000);

    [Fact]
    public void Write_OfEveryPowerOfTwoAndItsNeighbours_RoundTripsInTheFewestDigits()
    {
        for (int e = -1074; e < 1024; e++)
        {
            double power = Math.ScaleB(1, e);
            CheckDouble(power);
            CheckDouble(Math.BitIncrement(power));
            CheckDouble(-Math.BitDecrement(power));
        }
    }

    [Fact]
    public void Write_OfFloatsAllOverTheRange_RoundTripsInTheFewestDigits()
    {
        // A prime stride, so that all exponents and all kinds of low bits come up.
        for (uint bits = 0; bits < 0x7F80_0000; bits += 4999)
        {
            CheckSingle(BitConverter.UInt32BitsToSingle(bits));
        }
    }

    [Fact]
    public void Write_OfEveryFloatPowerOfTwoAndItsNeighbours_RoundTripsInTheFewestDigits()
    {
        for (int e = -149; e < 128; e++)
        {
            float power = MathF.ScaleB(1, e);
            CheckSingle(power);
            CheckSingle(MathF.BitIncrement(power));
            CheckSingle(-MathF.BitDecrement(power));
        }
    }

    [Fact]
    public void PowersOfTen_AtEveryExponent_AreTheFloorOfTheExactPower()
    {
        for (int q = PowersOfTen.MinExponent; q <= PowersOfTen.MaxExponent; q++)
        {
            PowersOfTen.Significand power = PowersOfTen.Get(q);
            BigInteger stored = ((BigInteger)power.High << 64) + power.Low;

            // stored · 2^scale ≤ 10^q < (stored + 1) · 2^scale, in integers.
            int scale = PowersOfTen.FloorLog2(q) - 127;
            BigInteger numerator = q >= 0 ? BigInteger.Pow(10, q) : BigInteger.One;
            BigInteger denominator = q >= 0 ? BigInteger.One : BigInteger.Pow(10, -q);
            BigInteger exact = scale <= 0
                ? (numerator << -scale) / denominator
                : numerator / (denominator << scale);
            stored.Should().Be(exact, "of 10^{0}", q);
            (power.High >> 63).Should().Be(1);
            power.Low.Should().NotBe(ulong.MaxValue, "one is added to it without a carry");
        }
    }

    [Fact]
    public void WriteArray_OfFloats_SeparatesByCommasAndWritesNullForNonFinite()
    {
        float[] values = [1, 0.1f, float.NaN, -2.5f, float.PositiveInfinity, float.NegativeInfinity];
        Written(w => NumericArrayWriter.Write(values, w)).Should().Be("1.0,0.1,null,-2.5,null,null");
        Written(w => NumericArrayWriter.WriteWidened(values, w))
            .Should().Be("1.0,0.10000000149011612,null,-2.5,null,null");
        Written(w => NumericArrayWriter.Write([0.1, double.NaN, 1e300], w)).Should().Be("0.1,null,1e300");
        Written(w => NumericArrayWriter.Write(ReadOnlySpan<double>.Empty, w)).Should().BeEmpty();
    }

    [Fact]
    public void WriteArray_OfManyNumbers_EqualsThemOneByOneWhateverTheSegments()
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble() - 0.5f)];
        string expected = string.Join(',', values.Select(v => Text(v)));
        Written(w => NumericArrayWriter.Write(values, w)).Should().Be(expected);

        var exact = new ExactWriter();
        NumericArrayWriter.Write(values, exact);
        Encoding.ASCII.GetString(exact.Written.ToArray()).Should().Be(expected);
        exact.Spans.Should().BeLessThan(20);
    }

    private static void CheckDouble(double value)
    {
        string text = Text(value);
        double.Parse(text, CultureInfo.InvariantCulture).Should().Be(value);
        string expected = value.ToString("R", CultureInfo.InvariantCulture);
        if (double.Parse(expected, CultureInfo.InvariantCulture) != value)
        {
            // The runtime cuts a few powers of two (2^-958 for one) a digit too short: they need all seventeen.
            expected = value.ToString("E16", CultureInfo.InvariantCulture);
        }

        Digits(text).Should().Be(Digits(expected), "of {0}", text);
    }

    private static void CheckSingle(float value)
    {
        string text = Text(value);
        float.Parse(text, CultureInfo.InvariantCulture).Should().Be(value);
        Digits(text).Should().Be(Digits(value.ToString("R", CultureInfo.InvariantCulture)), "of {0}", text);
    }

    private static string Digits(string text) =>
        text.Split('e', 'E')[0].Replace(".", "", StringComparison.Ordinal).Trim('-', '0');

    private static string Text(double value)
    {
        Span<byte> buffer = stackalloc byte[NumberWriter.MaxLength];
        return Encoding.ASCII.GetString(buffer[..NumberWriter.Write(value, buffer)]);
    }

    private static string Text(float value)
    {
        Span<byte> buffer = stackalloc byte[NumberWriter.MaxLength];
        return Encoding.ASCII.GetString(buffer[..NumberWriter.Write(value, buffer)]);
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return Encoding.ASCII.GetString(writer.WrittenSpan);
    }

    /// <summary>Gives exactly the room that is asked for, between guard bytes that must stay.</summary>
    private sealed class ExactWriter : IBufferWriter<byte>
    {
        private byte[] _buffer = [];

        public List<byte> Written { get; } = [];

        public int Spans { get; private set; }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Spans++;
            _buffer = new byte[sizeHint + 16];
            _buffer.AsSpan(sizeHint).Fill(0xEE);
            return _buffer.AsSpan(0, sizeHint);
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

        public void Advance(int count)
        {
            _buffer.AsSpan(_buffer.Length - 16).IndexOfAnyExcept((byte)0xEE).Should().Be(-1);
            Written.AddRange(_buffer.AsSpan(0, count));
        }
    }
}
