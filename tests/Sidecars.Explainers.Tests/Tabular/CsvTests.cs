using System.Globalization;
using System.Text;
using CsCheck;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Tabular;

public sealed class CsvTests
{
    private static readonly TabularSchema s_schema = new([new("x"), new("c", ["red", "light, blue", "say \"hi\""]), new("y")]);

    [Fact]
    public void Records_OfEveryForm_AreRead()
    {
        byte[] csv = Encoding.UTF8.GetBytes("\uFEFFa,b\r\n\"1,\"\"2\"\"\r\n3\",é\n\n\r,\"\"\r4,");
        List<string> found = [];
        var reader = new CsvReader(csv);
        while (reader.NextRecord())
        {
            while (reader.NextField(out ReadOnlySpan<byte> field))
            {
                found.Add($"{reader.Line}:{Encoding.UTF8.GetString(field)}");
            }

            reader.Broken.Should().BeNull();
        }

        found.Should().Equal("1:a", "1:b", "2:1,\"2\"\r\n3", "2:é", "6:", "6:", "7:4", "7:");
    }

    [Fact]
    public void Rows_ColumnsInAnyOrder_AreThoseOfTheSchema()
    {
        (TabularData data, double[]? weights) = Read("note,y,c,x\nfirst,2.5,\"light, blue\",-1e-3\n,,2,7\n,NaN,\"say \"\"hi\"\"\",0\n, 3 , red ,1\n");

        data.Values.ToArray().Should().Equal(-1e-3f, 1, 2.5f, 7, 2, float.NaN, 0, 2, float.NaN, 1, 0, 3);
        weights.Should().BeNull();
    }

    [Fact]
    public void Rows_WithWeights_HaveThem() => Read("x,c,y,weight\n1,red,2,0.5\n1,red,2,3\n").Weights.Should().Equal(0.5, 3);

    [Fact]
    public void Rows_WrittenAndRead_AreTheSame()
    {
        var data = new TabularData([0.1f, 1, float.NaN, -3.4028235e38f, 2, 1e-45f], 3);
        using var stream = new MemoryStream();
        TabularCsv.Write(stream, s_schema, data, new double[] { 0.25, 0.75 });

        (TabularData again, double[]? weights) = Read(Encoding.UTF8.GetString(stream.ToArray()));

        again.Values.ToArray().Should().Equal(data.Values.ToArray());
        weights.Should().Equal(0.25, 0.75);
    }

    [Fact]
    public void Numbers_ReadTheShortWay_AreThoseOfTheGeneralReader()
    {
        Gen.Select(Gen.Int[-99_999_999, 99_999_999], Gen.Int[0, 9]).Sample(static (mantissa, digits) =>
        {
            string plain = Math.Abs(mantissa).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
            string text = (mantissa < 0 ? "-" : "") + (digits == 0 ? plain : plain.Insert(plain.Length - digits, "."));
            bool isShort = ShortNumber.TryDecimal(Encoding.UTF8.GetBytes(text), out float value);
            return !isShort || BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture));
        });
        ShortNumber.TryDecimal("1.5"u8, out float oneAndAHalf).Should().BeTrue();
        oneAndAHalf.Should().Be(1.5f);
        foreach (string other in new[] { "", "-", ".", "1e3", "1.2.3", "--1", "99999999999", "1 " })
        {
            ShortNumber.TryDecimal(Encoding.UTF8.GetBytes(other), out _).Should().BeFalse(other);
        }
    }

    [Theory]
    [InlineData("1\n2\n1\n", new[] { 0f, 1, 0 })]
    [InlineData("0\n2\n1\n", new[] { 0f, 2, 1 })]
    public void Categories_WhoseNamesLookLikeCodes_AreDecidedByTheWholeColumn(string cells, float[] expected)
    {
        var problems = new Problems();
        TabularCsv.Read("t", Encoding.UTF8.GetBytes("c\n" + cells), new TabularSchema([new("c", ["1", "2", "3"])]), problems)!
            .Value.Data.Values.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Categories_SomeNamesAndSomeCodes_AreRefusedWhereTheyCannotBeToldApart() =>
        Problems("c\n3\n0\n", new TabularSchema([new("c", ["1", "2", "3"])]))
            .Should().Equal("t.csv, column 'c': some values are names of categories and others codes, which cannot be told apart here");

    [Fact]
    public void Problems_OfAFile_AreAllTold() =>
        Problems("x,c,y\n1,red,2\nabc,green,2\n1,red\n1,red,2,3\n1,3,2\n1e99,red,2\n\"1\"2,red,1\n1,red,\"2\n", s_schema).Should().Equal(
            "t.csv line 3 (row 1), column 'x': 'abc' is no number",
            "t.csv line 3 (row 1), column 'c': 'green' is no category; known: 'red', 'light, blue', 'say \"hi\"'",
            "t.csv line 4 (row 2) has 2 fields, the first line has 3",
            "t.csv line 5 (row 3) has 4 fields, the first line has 3",
            "t.csv line 6 (row 4), column 'c': '3' is no category; known: 'red', 'light, blue', 'say \"hi\"'",
            "t.csv line 7 (row 5), column 'x': '1e99' is past what a 32-bit float holds",
            "t.csv line 8 (row 6): there is text after a closing quote",
            "t.csv line 9 (row 7): a quote is never closed");

    [Fact]
    public void Problems_VeryMany_AreCounted()
    {
        string[] told = [.. Problems("x,c,y\n" + string.Concat(Enumerable.Repeat("?,red,1\n", 1000)), s_schema)];

        told.Should().HaveCount(21);
        told[^1].Should().Be("t.csv: 980 more of this kind");
    }

    [Theory]
    [InlineData("", "t.csv is empty: its first line must name the features")]
    [InlineData("x,c,y\n", "t.csv has no rows")]
    [InlineData("a,c\n1,red\n", "t.csv has no column 'x', 'y'; its first line must name the features")]
    [InlineData("x,c,y,x\n1,red,1,1\n", "t.csv has two columns 'x'")]
    [InlineData("x,c,y,weight\n1,red,1,0\n", "t.csv line 2 (row 0), column 'weight': '0' is no number above 0")]
    public void Problems_OfTheWhole_AreTold(string csv, string problem) => Problems(csv, s_schema).Should().Equal(problem);

    private static (TabularData Data, double[]? Weights) Read(string csv)
    {
        var problems = new Problems();
        (TabularData, double[]?)? read = TabularCsv.Read("t.csv", Encoding.UTF8.GetBytes(csv), s_schema, problems);
        problems.ThrowIfAny("unexpected:");
        return read!.Value;
    }

    private static IEnumerable<string> Problems(string csv, TabularSchema schema)
    {
        var problems = new Problems();
        TabularCsv.Read("t.csv", Encoding.UTF8.GetBytes(csv), schema, problems).Should().BeNull();
        return FluentActions.Invoking(() => problems.ThrowIfAny("x")).Should().Throw<SidecarConfigurationException>()
            .Which.Message.Split("\n  - ").Skip(1);
    }
}
