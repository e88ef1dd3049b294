using System.Text;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol.Json;

public class RepeatedSinglesTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(5000)]
    [InlineData(int.MaxValue)]
    public void Write_ALongArray_IsWhatEachValueIsAlone(int distinct)
    {
        // More distinct values than slots, fewer, and none twice: the table helps, thrashes, and is given up.
        var random = new Random(7);
        float[] pool = [.. Enumerable.Range(0, Math.Min(distinct, 40_000)).Select(_ => BitConverter.Int32BitsToSingle(random.Next()))];
        float[] values = [.. Enumerable.Range(0, 40_000).Select(i => distinct == int.MaxValue ? pool[i] : pool[random.Next(pool.Length)])];
        values[17] = float.NaN;
        values[18] = -0.000012345679f;
        values[19] = float.NegativeInfinity;

        using var together = new PooledBuffer();
        NumericArrayWriter.Write(values, together);

        Span<byte> room = stackalloc byte[NumberWriter.MaxLength];
        var alone = new StringBuilder();
        foreach (float value in values)
        {
            alone.Append(alone.Length == 0 ? "" : ",");
            alone.Append(float.IsFinite(value) ? Encoding.ASCII.GetString(room[..NumberWriter.Write(value, room)]) : "null");
        }

        Encoding.ASCII.GetString(together.WrittenSpan).Should().Be(alone.ToString());
    }
}
