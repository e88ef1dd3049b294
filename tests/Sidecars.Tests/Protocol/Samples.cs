using CsCheck;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol;

/// <summary>Random tensors of every datatype, and what to do with payloads.</summary>
internal static class Samples
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 0, 8],
        Samples.Of("", "é", "日本", "🙂", "\"quoted\"", "back\\slash", "line\nbreak", "\u0000", "</script>", "\u2028"));

    private static readonly Gen<float> s_singles = Gen.OneOf(
        Gen.Single.Where(float.IsFinite), Samples.Of(0f, -0f, 1f, 0.1f, 1e-45f, float.MaxValue, float.MinValue, 16777216f, 3.4028236E+37f));

    private static readonly Gen<double> s_doubles = Gen.OneOf(
        Gen.Double.Where(double.IsFinite), Samples.Of(0d, -0d, 1d, 0.1, 5e-324, double.MaxValue, double.MinValue, 9007199254740993d, 1e22));

    /// <summary>A tensor that every format can carry, JSON included.</summary>
    public static Gen<Tensor> Tensors(int leastDimension, int leastRank) =>
        from datatype in Of(Enum.GetValues<Datatype>())
        from shape in Gen.Long[leastDimension, 4].Array[leastRank, 3]
        from name in Samples.Of("x", "a b", "é\"", "input-0")
        from data in Data(datatype, (int)Shapes.Count(shape))
        select Tensor.FromRaw(name, datatype, data, shape);

    /// <summary>Parameters of every kind.</summary>
    public static Gen<Dictionary<string, object>> Parameters { get; } =
        Gen.Dictionary(
            Samples.Of("p", "q", "priority", "é"),
            Gen.OneOf<object>(
                Gen.Long.Select(static v => (object)v),
                Gen.Bool.Select(static v => (object)v),
                s_text.Select(static v => (object)v),
                Samples.Of(0.5, -1.25e-9, 3.5e300).Select(static v => (object)v)))[0, 3];

    /// <summary>One of these values.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static byte[] Flatten(WirePayload payload)
    {
        using var all = new MemoryStream();
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            all.Write(segment.Span);
        }

        return all.ToArray();
    }

    public static bool Same(Tensor a, Tensor b) =>
        a.Name == b.Name && a.Datatype == b.Datatype && a.Shape.SequenceEqual(b.Shape) && a.Data.Span.SequenceEqual(b.Data.Span);

    public static string Print(Tensor t) =>
        $"{t.Name} {t.Datatype} [{string.Join(',', t.Shape.ToArray())}] {Convert.ToHexString(t.Data.Span)}";

    private static Gen<byte[]> Data(Datatype datatype, int count) => datatype switch
    {
        Datatype.BYTES => s_text.Array[count].Select(static texts => BytesElements.Pack(texts)),
        Datatype.BOOL => Gen.Bool.Array[count].Select(static bits => bits.Select(static b => b ? (byte)1 : (byte)0).ToArray()),
        Datatype.FP32 => s_singles.Array[count].Select(static v => v.SelectMany(BitConverter.GetBytes).ToArray()),
        Datatype.FP64 => s_doubles.Array[count].Select(static v => v.SelectMany(BitConverter.GetBytes).ToArray()),
        Datatype.FP16 => Gen.UShort.Where(static b => Half.IsFinite(BitConverter.UInt16BitsToHalf(b))).Array[count].Select(static v => v.SelectMany(BitConverter.GetBytes).ToArray()),
        Datatype.BF16 => Gen.UShort.Where(static b => (b & 0x7F80) != 0x7F80).Array[count].Select(static v => v.SelectMany(BitConverter.GetBytes).ToArray()),
        _ => Gen.Byte.Array[count * datatype.Size()],
    };
}
