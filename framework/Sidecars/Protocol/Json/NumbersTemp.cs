using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
namespace Sidecars.Protocol;
internal enum NumberResult { Ok, NotANumber, OutOfRange, NotIntegral }
internal static class NumberReader
{
    static int End(ReadOnlySpan<byte> j, int p) { int e = p; while (e < j.Length && j[e] is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9')) { e++; } return e; }
    public static NumberResult ReadDouble(ReadOnlySpan<byte> j, ref int p, out double v) { int e = End(j, p); if (e == p || !double.TryParse(j[p..e], NumberStyles.Float, CultureInfo.InvariantCulture, out v)) { v = 0; return NumberResult.NotANumber; } if (!double.IsFinite(v)) { return NumberResult.OutOfRange; } p = e; return NumberResult.Ok; }
    public static NumberResult ReadSingle(ReadOnlySpan<byte> j, ref int p, out float v) { int e = End(j, p); if (e == p || !float.TryParse(j[p..e], NumberStyles.Float, CultureInfo.InvariantCulture, out v)) { v = 0; return NumberResult.NotANumber; } if (!float.IsFinite(v)) { return NumberResult.OutOfRange; } p = e; return NumberResult.Ok; }
    public static NumberResult ReadInt64(ReadOnlySpan<byte> j, ref int p, out long v) { int e = End(j, p); if (e == p) { v = 0; return NumberResult.NotANumber; } if (long.TryParse(j[p..e], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v)) { p = e; return NumberResult.Ok; } if (double.TryParse(j[p..e], CultureInfo.InvariantCulture, out double d)) { if (d != Math.Floor(d)) { return NumberResult.NotIntegral; } if (Math.Abs(d) > 9e18) { return NumberResult.OutOfRange; } v = (long)d; p = e; return NumberResult.Ok; } return NumberResult.NotANumber; }
    public static NumberResult ReadUInt64(ReadOnlySpan<byte> j, ref int p, out ulong v) { int e = End(j, p); if (e == p) { v = 0; return NumberResult.NotANumber; } if (ulong.TryParse(j[p..e], NumberStyles.None, CultureInfo.InvariantCulture, out v)) { p = e; return NumberResult.Ok; } return NumberResult.OutOfRange; }
}
internal static class NumberWriter
{
    public const int MaxLength = 32;
    public static int Write(double v, Span<byte> d) { string s = v.ToString("R", CultureInfo.InvariantCulture); if (s.AsSpan().IndexOfAny("E.") < 0) { s += ".0"; } s = s.Replace("E+", "e").Replace("E-0", "e-").Replace("E", "e"); return System.Text.Encoding.ASCII.GetBytes(s, d); }
    public static int Write(float v, Span<byte> d) { string s = v.ToString("R", CultureInfo.InvariantCulture); if (s.AsSpan().IndexOfAny("E.") < 0) { s += ".0"; } s = s.Replace("E+", "e").Replace("E-0", "e-").Replace("E", "e"); return System.Text.Encoding.ASCII.GetBytes(s, d); }
    public static void WriteMany(ReadOnlySpan<float> v, PooledBuffer to) { bool f = true; foreach (float x in v) { JsonText.Separate(to, ref f); if (!float.IsFinite(x)) { to.Write("null"u8); } else { to.Advance(Write(x, to.GetSpan(32))); } } }
    public static void WriteMany(ReadOnlySpan<double> v, PooledBuffer to) { bool f = true; foreach (double x in v) { JsonText.Separate(to, ref f); if (!double.IsFinite(x)) { to.Write("null"u8); } else { to.Advance(Write(x, to.GetSpan(32))); } } }
    public static void WriteManyWidened(ReadOnlySpan<float> v, PooledBuffer to) { bool f = true; foreach (float x in v) { JsonText.Separate(to, ref f); if (!float.IsFinite(x)) { to.Write("null"u8); } else { to.Advance(Write((double)x, to.GetSpan(32))); } } }
}
