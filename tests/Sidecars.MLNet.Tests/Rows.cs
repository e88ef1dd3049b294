using Microsoft.ML.Data;

namespace Sidecars.MLNet.Tests;

public sealed class VisitRow
{
    public float Age { get; set; }

    public float Spend { get; set; }

    public string City { get; set; } = "";

    public bool Label { get; set; }
}

public sealed class VisitAnswer
{
    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }
}

public sealed class PairRow
{
    public float Left { get; set; }

    public float Right { get; set; }
}

public sealed class MixedRow
{
    public long Whole { get; set; }

    public double Exact { get; set; }

    public float Rough { get; set; }
}

public sealed class EveryTypeRow
{
    public float Single { get; set; }

    public double Double { get; set; }

    public sbyte Int8 { get; set; }

    public short Int16 { get; set; }

    public int Int32 { get; set; }

    public long Int64 { get; set; }

    public byte UInt8 { get; set; }

    public ushort UInt16 { get; set; }

    public uint UInt32 { get; set; }

    public ulong UInt64 { get; set; }

    public bool Bool { get; set; }

    public string Text { get; set; } = "";

    [KeyType(4)]
    public uint Key { get; set; }

    [VectorType(3)]
    public float[] Vector { get; set; } = [0, 0, 0];

    [VectorType(2)]
    public string[] Words { get; set; } = ["", ""];

    [VectorType(2)]
    public bool[] Flags { get; set; } = [false, false];

    [VectorType]
    public int[] Any { get; set; } = [];
}
