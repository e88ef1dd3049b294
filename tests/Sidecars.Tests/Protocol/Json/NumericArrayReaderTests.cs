using System.Buffers;
using System.Numerics;
using System.Text;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol.Json;

public class NumericArrayReaderTests
{
    [Theory]
    [InlineData("[]", new[] { 0 }, new float[0])]
    [InlineData("[ ]", new[] { 0 }, new float[0])]
    [InlineData("[[],[]]", new[] { 2, 0 }, new float[0])]
    [InlineData("[[[]]]", new[] { 1, 1, 0 }, new float[0])]
    [InlineData("[1]", new[] { 1 }, new[] { 1f })]
    [InlineData("[1,2.5,-3e1]", new[] { 3 }, new[] { 1f, 2.5f, -30f })]
    [InlineData("[[1,2],[3,4]]", new[] { 2, 2 }, new[] { 1f, 2f, 3f, 4f })]
    [InlineData("[[[1],[2],[3]],[[4],[5],[6]]]", new[] { 2, 3, 1 }, new[] { 1f, 2f, 3f, 4f, 5f, 6f })]
    [InlineData(" \t\r\n[ [ 1 ,\n2 ] , [3\t,4 ]\r ] ", new[] { 2, 2 }, new[] { 1f, 2f, 3f, 4f })]
    public void Read_OfARegularArray_GivesValuesAndDimensions(string text, int[] dims, float[] values)
    {
        string json = text.TrimStart();
        using var read = new Attempt<float>(json);
        read.Result.Should().Be(new ArrayResult(ArrayError.None, json.TrimEnd().Length));
        read.Position.Should().Be(json.TrimEnd().Length);
        read.Dims.Should().Equal(dims);
        read.Values.Should().Equal(values);
    }

    [Theory]
    [InlineData("", nameof(ArrayError.NotAnArray), 0)]
    [InlineData("1", nameof(ArrayError.NotAnArray), 0)]
    [InlineData("[1,\"a\"]", nameof(ArrayError.String), 3)]
    [InlineData("[1, null]", nameof(ArrayError.Null), 4)]
    [InlineData("[true]", nameof(ArrayError.Boolean), 1)]
    [InlineData("[[1],[false]]", nameof(ArrayError.Boolean), 6)]
    [InlineData("[{}]", nameof(ArrayError.Object), 1)]
    [InlineData("[[1],{}]", nameof(ArrayError.Object), 5)]
    [InlineData("[1,1e39]", nameof(ArrayError.OutOfRange), 3)]
    [InlineData("[[1,2],[3]]", nameof(ArrayError.Ragged), 9)]
    [InlineData("[[1,2],[3,4,5]]", nameof(ArrayError.Ragged), 13)]
    [InlineData("[[1],2]", nameof(ArrayError.Ragged), 5)]
    [InlineData("[1,[2]]", nameof(ArrayError.Ragged), 3)]
    [InlineData("[[],[1]]", nameof(ArrayError.Ragged), 6)]
    [InlineData("[[1],[]]", nameof(ArrayError.Ragged), 6)]
    [InlineData("[[],[[]]]", nameof(ArrayError.Ragged), 5)]
    [InlineData("[[[1]],[2]]", nameof(ArrayError.Ragged), 8)]
    [InlineData("[[[1],[2]],[[3]]]", nameof(ArrayError.Ragged), 15)]
    [InlineData("[", nameof(ArrayError.Truncated), 1)]
    [InlineData("[[", nameof(ArrayError.Truncated), 2)]
    [InlineData("[1", nameof(ArrayError.Truncated), 2)]
    [InlineData("[1,", nameof(ArrayError.Truncated), 3)]
    [InlineData("[1,-", nameof(ArrayError.Truncated), 3)]
    [InlineData("[1.", nameof(ArrayError.Truncated), 1)]
    [InlineData("[nul", nameof(ArrayError.Truncated), 1)]
    [InlineData("[[1]", nameof(ArrayError.Truncated), 4)]
    [InlineData("[[1],", nameof(ArrayError.Truncated), 5)]
    [InlineData("[1,]", nameof(ArrayError.Malformed), 3)]
    [InlineData("[,1]", nameof(ArrayError.Malformed), 1)]
    [InlineData("[1 2]", nameof(ArrayError.Malformed), 3)]
    [InlineData("[[1][2]]", nameof(ArrayError.Malformed), 4)]
    [InlineData("[[1],]", nameof(ArrayError.Malformed), 5)]
    [InlineData("[1}", nameof(ArrayError.Malformed), 2)]
    [InlineData("[01]", nameof(ArrayError.Malformed), 1)]
    [InlineData("[NaN]", nameof(ArrayError.Malformed), 1)]
    [InlineData("[nil]", nameof(ArrayError.Malformed), 1)]
    public void Read_OfAnythingElse_SaysWhatAndWhereAndLeavesAllAsItWas(string json, string error, int offset)
    {
        using var read = new Attempt<float>(json, 7f);
        (read.Result.Error.ToString(), read.Result.Offset).Should().Be((error, offset));
        read.Position.Should().Be(0);
        read.Dims.Should().BeEmpty();
        read.Values.Should().Equal(7f);
        read.Result.Describe().Should().Contain($"byte {offset}");
    }

    [Fact]
    public void Read_NestedToTheLimit_WorksAndBeyondItIsTooDeep()
    {
        static string Nested(int depth) => new string('[', depth) + "1" + new string(']', depth);
        using var deepest = new Attempt<double>(Nested(NumericArrayReader.MaxDepth));
        deepest.Dims.Should().Equal(Enumerable.Repeat(1, NumericArrayReader.MaxDepth));
        using var deeper = new Attempt<double>(Nested(NumericArrayReader.MaxDepth + 1));
        deeper.Result.Should().Be(new ArrayResult(ArrayError.TooDeep, NumericArrayReader.MaxDepth));
        using var hostile = new Attempt<double>(new string('[', 1_000_000));
        hostile.Result.Error.Should().Be(ArrayError.TooDeep);
    }

    [Fact]
    public void Read_OfIntegers_TakesIntegralFormsAndRefusesFractions()
    {
        using var longs = new Attempt<long>("[1,2.0,3e2,-9223372036854775808]");
        longs.Values.Should().Equal(1, 2, 300, long.MinValue);
        using var fraction = new Attempt<int>("[1,1.5]");
        fraction.Result.Should().Be(new ArrayResult(ArrayError.NotIntegral, 3));
        using var bytes = new Attempt<byte>("[255,256]");
        bytes.Result.Should().Be(new ArrayResult(ArrayError.OutOfRange, 5));
        using var unsigned = new Attempt<ulong>("[18446744073709551615]");
        unsigned.Values.Should().Equal(ulong.MaxValue);
    }

    [Fact]
    public void Read_StartingWithinText_StopsBehindTheArray()
    {
        byte[] json = Encoding.ASCII.GetBytes("{\"data\":[1,2],\"x\":3}");
        int position = 8;
        var values = new PooledList<float>(0);
        Span<int> dims = stackalloc int[NumericArrayReader.MaxDepth];
        NumericArrayReader.Read(json, ref position, ref values, dims, out int rank).IsOk.Should().BeTrue();
        json[position].Should().Be((byte)',');
        (rank, dims[0], values.Count).Should().Be((1, 2, 2));
        values.Dispose();
    }

    [Fact]
    public void Read_OfWhatTheWriterWrote_GivesTheSameNumbers()
    {
        var random = new Random(3);
        float[] floats = [.. Enumerable.Range(0, 20_000).Select(_ => (float)random.NextDouble() * 4 - 2)];
        double[] doubles = [.. floats.Select(f => f * Math.PI)];
        using var narrow = new Attempt<float>(Bracketed(w => NumericArrayWriter.Write(floats, w)));
        using var widened = new Attempt<float>(Bracketed(w => NumericArrayWriter.WriteWidened(floats, w)));
        using var wide = new Attempt<double>(Bracketed(w => NumericArrayWriter.Write(doubles, w)));
        narrow.Values.Should().Equal(floats);
        widened.Values.Should().Equal(floats);
        wide.Values.Should().Equal(doubles);
    }

    [Fact]
    public void Read_IntoAListWithRoom_AllocatesNothing()
    {
        byte[] json = Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"0.{i + 1}"))}]");
        var values = new PooledList<float>(10_000);
        Span<int> dims = stackalloc int[NumericArrayReader.MaxDepth];
        for (int round = 0; round < 3; round++)
        {
            int position = 0;
            values.Truncate(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ArrayResult result = NumericArrayReader.Read(json, ref position, ref values, dims, out _);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            (result.IsOk, values.Count).Should().Be((true, 10_000));
            if (round > 0)
            {
                // The first round makes the tables of powers.
                allocated.Should().BeLessThan(100);
            }
        }

        values.Dispose();
    }

    private static string Bracketed(Action<IBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return $"[{Encoding.ASCII.GetString(writer.WrittenSpan)}]";
    }

    private sealed class Attempt<T> : IDisposable
        where T : unmanaged, INumberBase<T>
    {
        private PooledList<T> _values;

        public Attempt(string json, params T[] before)
        {
            foreach (T value in before)
            {
                _values.Add(value);
            }

            int position = 0;
            int[] dims = new int[NumericArrayReader.MaxDepth];
            Result = NumericArrayReader.Read(Encoding.ASCII.GetBytes(json), ref position, ref _values, dims, out int rank);
            Position = position;
            Dims = dims[..rank];
        }

        public ArrayResult Result { get; }

        public int Position { get; }

        public int[] Dims { get; }

        public T[] Values => _values.Span.ToArray();

        public void Dispose() => _values.Dispose();
    }
}
