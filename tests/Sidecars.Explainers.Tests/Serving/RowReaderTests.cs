using System.Text;
using Sidecars.Explainers.Serving;

namespace Sidecars.Explainers.Tests.Serving;

public sealed class RowReaderTests
{
    private static readonly RowReader s_wide = new(new TabularSchema([.. Enumerable.Range(0, 200).Select(static i => new TabularFeature($"f{i}"))]));

    [Fact]
    public void Lists_OfNothing_AreRefusedBeforeRoomIsMadeForThem()
    {
        // A megabyte of empty lists would be 280 MB of rows.
        InferRequest request = InferRequest.FromBody(Encoding.UTF8.GetBytes($$"""{"instances":[{{string.Join(',', Enumerable.Repeat("[]", 350_000))}}]}"""));
        request.Instances.GetArrayLength().Should().Be(350_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => s_wide.Read(request, asJson: true)).Should().Throw<InferenceException>().WithMessage("row 0 has 0 values, 200 are expected*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void Columns_OfOneLongAndManyShort_AreRefusedBeforeRoomIsMadeForThem()
    {
        InferRequest request = InferRequest.FromTensors([.. Enumerable.Range(0, 200).Select(static i => Tensor.Create($"f{i}", new float[i == 0 ? 400_000 : 1], i == 0 ? 400_000 : 1))]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => s_wide.Read(request, asJson: false)).Should().Throw<InferenceException>()
            .WithMessage("feature 'f1' has the shape [1], 'f0' has 400000 rows");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void Lists_OfAnyNumber_AreReadInTheirOrder(int count)
    {
        var reader = new RowReader(new TabularSchema([new TabularFeature("a"), new TabularFeature("b")]));
        InferRequest request = InferRequest.FromBody(Encoding.UTF8.GetBytes(
            $$"""{"instances":[{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"[{i},{-i}]"))}}]}"""));
        TabularData rows = reader.Read(request, asJson: true).Data;
        rows.Rows.Should().Be(count);
        rows.Values.ToArray().Should().Equal(Enumerable.Range(0, count).SelectMany(static i => (float[])[i, -i]));
    }
}
