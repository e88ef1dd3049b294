using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public class PythonFloatTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.25e-9, "1.25e-09")]
    [InlineData(123456789012345.0, "123456789012345.0")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(-1e15, "-1000000000000000.0")]
    [InlineData(1.5e15, "1500000000000000.0")]
    [InlineData(1234567890123456.5, "1234567890123456.5")]
    [InlineData(-9007199254740993.0, "-9007199254740992.0")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(-1.5e22, "-1.5e+22")]
    [InlineData(100.0, "100.0")]
    [InlineData(0.00123, "0.00123")]
    [InlineData(0.000123, "0.000123")]
    [InlineData(0.0000123, "1.23e-05")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void ToText_Value_IsPythonsRepr(double value, string expected) =>
        PythonFloat.ToText(value).Should().Be(expected);
}
