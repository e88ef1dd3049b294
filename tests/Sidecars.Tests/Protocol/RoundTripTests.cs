using CsCheck;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol;

/// <summary>What is encoded and decoded again is what it was, for every datatype and format.</summary>
public sealed class RoundTripTests
{
    private const int Iterations = 3000;

    [Fact]
    public void GrpcRequest_AnyTensors_ComeBack() =>
        (from tensors in Samples.Tensors(0, 0).List[0, 3]
         from parameters in Samples.Parameters
         select (tensors, parameters)).Sample(
            static sample =>
            {
                using WirePayload payload = GrpcCodec.WriteRequest(InferHead.Empty with { Parameters = sample.parameters }, sample.tensors, "m", "id1");
                var request = new InferRequest(WireForm.Grpc, Samples.Flatten(payload), null);
                return Same(request.Inputs, sample.tensors) && request.Id == "id1" && request.ModelName == "m" && Same(request.Parameters, sample.parameters);
            },
            iter: Iterations);

    [Fact]
    public void GrpcResponse_TypedOrRawContents_ComeBack() =>
        (from tensor in Samples.Tensors(0, 0)
         from raw in Gen.Bool
         select (tensor, raw)).Sample(
            static sample =>
            {
                using WirePayload payload = GrpcCodec.WriteResponse(InferHead.Empty, [sample.tensor], "m", "id1", sample.raw);
                var response = new InferResponse(WireForm.Grpc, Samples.Flatten(payload), null);
                return Same(response.Outputs, [sample.tensor]) && response.Head.RawContents == (sample.raw || sample.tensor.Datatype.IsRawOnly());
            },
            iter: Iterations,
            print: static s => s.raw + Samples.Print(s.tensor));

    [Fact]
    public void V2Request_JsonOrBinary_ComesBack() =>
        (from tensors in Samples.Tensors(0, 0).List[0, 3]
         from binary in Gen.Bool
         from parameters in Samples.Parameters
         select (tensors, binary, parameters)).Sample(
            static sample =>
            {
                using WirePayload payload = V2Json.WriteRequest(InferHead.Empty with { Parameters = sample.parameters }, sample.tensors, "id1", sample.binary);
                InferRequest request = new(payload.JsonLength >= 0 ? WireForm.V2Binary : WireForm.V2, Samples.Flatten(payload), null, payload.JsonLength);
                return Same(request.Inputs, sample.tensors) && request.Id == "id1" && Same(request.Parameters, sample.parameters);
            },
            iter: Iterations);

    [Fact]
    public void V2Response_JsonOrBinary_ComesBack() =>
        (from tensor in Samples.Tensors(0, 0)
         from binary in Gen.Bool
         select (tensor, binary: binary || tensor.Datatype.IsRawOnly())).Sample(
            static sample =>
            {
                using WirePayload payload = V2Json.WriteResponse(InferHead.Empty, [sample.tensor], [sample.binary], "id1", "m");
                InferResponse response = new(payload.JsonLength >= 0 ? WireForm.V2Binary : WireForm.V2, Samples.Flatten(payload), null, payload.JsonLength);
                return Same(response.Outputs, [sample.tensor]) && response.Id == "id1" && response.ModelName == "m";
            },
            iter: Iterations,
            print: static s => s.binary + Samples.Print(s.tensor));

    [Fact]
    public void V1Request_ModelDeclaresTheDatatype_ComesBack() =>
        Samples.Tensors(1, 1).Sample(
            static tensor =>
            {
                using var to = new PooledBuffer();
                V1Json.WriteInstances(to, [tensor]);
                var request = new InferRequest(WireForm.V1, to.WrittenSpan.ToArray(), null)
                {
                    Declared = [new TensorMetadata(tensor.Name, tensor.Datatype, [.. tensor.Shape])],
                };
                return Same(request.Inputs, [tensor]);
            },
            iter: Iterations,
            print: Samples.Print);

    [Fact]
    public void V1Response_RowsOfSeveralTensors_KeepValuesAndNames() =>
        (from rows in Gen.Int[1, 4]
         from singles in Samples.Of(0.5f, -1.25f, 3e10f).Array[rows]
         from flags in Gen.Bool.Array[rows]
         from texts in Samples.Of("a", "é", "").Array[rows]
         select (singles, flags, texts)).Sample(
            static s =>
            {
                using var to = new PooledBuffer();
                V1Json.WritePredictions(to, [Tensor.Create("s", s.singles), Tensor.Create("f", s.flags), Tensor.FromStrings("t", s.texts)]);
                var response = new InferResponse(WireForm.V1, to.WrittenSpan.ToArray(), null);
                return response.Output("s").ToArray<float>().SequenceEqual(s.singles)
                    && response.Output("f").AsSpan<bool>().SequenceEqual(s.flags)
                    && response.Output("t").ReadStrings().SequenceEqual(s.texts);
            },
            iter: 500);

    [Fact]
    public void Bytes_ThatAreNoText_TravelInBinaryAndAsBase64()
    {
        Tensor tensor = Tensor.FromBytes("b", [new byte[] { 0xFF, 0x00 }, new byte[] { 0x80 }]);
        using WirePayload v2 = V2Json.WriteRequest(InferHead.Empty, [tensor], "id1", binary: false);
        using var v1 = new PooledBuffer();

        V1Json.WriteInstances(v1, [tensor]);

        v2.JsonLength.Should().BePositive("JSON has no form for it");
        System.Text.Encoding.UTF8.GetString(v1.WrittenSpan).Should().Be("""{"instances":[{"b64":"/wA="},{"b64":"gA=="}]}""");
        Same(new InferRequest(WireForm.V1, v1.WrittenSpan.ToArray(), null).Inputs, [tensor.With("input-0")]).Should().BeTrue();
    }

    private static bool Same(IReadOnlyList<Tensor> a, IReadOnlyList<Tensor> b) =>
        a.Count == b.Count && a.Zip(b).All(static p => Samples.Same(p.First, p.Second));

    private static bool Same(IReadOnlyDictionary<string, object>? a, Dictionary<string, object> b) =>
        (a?.Count ?? 0) == b.Count && b.All(p => a!.TryGetValue(p.Key, out object? value) && value.Equals(p.Value));
}
