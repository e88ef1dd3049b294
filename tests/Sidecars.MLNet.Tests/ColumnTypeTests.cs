namespace Sidecars.MLNet.Tests;

/// <summary>Every type of column there is, through a pipeline that copies it.</summary>
public sealed class ColumnTypeTests(ModelFiles files) : IClassFixture<ModelFiles>
{
    public static TheoryData<string, Tensor, string> Columns => new()
    {
        { "Single", Tensor.Create<float>("Single", [1.5f, float.NaN]), "FP32 -1" },
        { "Double", Tensor.Create<double>("Double", [0.1, -2]), "FP64 -1" },
        { "Int8", Tensor.Create<sbyte>("Int8", [-128, 127]), "INT8 -1" },
        { "Int16", Tensor.Create<short>("Int16", [-32768, 7]), "INT16 -1" },
        { "Int32", Tensor.Create<int>("Int32", [int.MinValue, 7]), "INT32 -1" },
        { "Int64", Tensor.Create<long>("Int64", [long.MaxValue, -1]), "INT64 -1" },
        { "UInt8", Tensor.Create<byte>("UInt8", [255, 0]), "UINT8 -1" },
        { "UInt16", Tensor.Create<ushort>("UInt16", [65535, 0]), "UINT16 -1" },
        { "UInt32", Tensor.Create<uint>("UInt32", [uint.MaxValue, 0]), "UINT32 -1" },
        { "UInt64", Tensor.Create<ulong>("UInt64", [ulong.MaxValue, 0]), "UINT64 -1" },
        { "Bool", Tensor.Create<bool>("Bool", [true, false]), "BOOL -1" },
        { "Text", Tensor.FromStrings("Text", ["grün", ""]), "BYTES -1" },
        { "Key", Tensor.Create<uint>("Key", [0, 4]), "UINT32 -1" },
        { "Vector", Tensor.Create<float>("Vector", [1, 2, 3, 4, 5, 6], 2, 3), "FP32 -1,3" },
        { "Words", Tensor.FromStrings("Words", ["a", "b", "c", "d"], 2, 2), "BYTES -1,2" },
        { "Flags", Tensor.Create<bool>("Flags", [true, false, false, true], 2, 2), "BOOL -1,2" },
        { "Any", Tensor.Create<int>("Any", [1, 2, 3, 4, 5, 6, 7, 8], 2, 4), "INT32 -1,-1" },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void Column_OfEachType_IsATensorBothWays(string column, Tensor values, string described)
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Types, [column + "Out"]);
        TensorMetadata input = pipeline.Inputs.Should().ContainSingle().Which;
        $"{input.Datatype} {string.Join(',', input.Shape)}".Should().Be(described);
        TensorMetadata output = pipeline.Outputs.Should().ContainSingle().Which;
        $"{output.Datatype} {string.Join(',', output.Shape)}".Should().Be(described);

        Tensor copy = pipeline.Transform([values])[0];
        copy.Name.Should().Be(column + "Out");
        copy.Datatype.Should().Be(values.Datatype);
        copy.Shape.ToArray().Should().Equal(values.Shape.ToArray());
        copy.Data.ToArray().Should().Equal(values.Data.ToArray());
    }
}
