using Sidecars.Explainers.Server.Explain;

namespace Sidecars.Explainers.Server.Tests;

public sealed class ShardTests
{
    [Fact]
    public void Shards_OfAllRows_HaveEachRowOnce()
    {
        for (int count = 1; count <= 7; count++)
        {
            for (long row = 0; row < 100; row++)
            {
                Enumerable.Range(0, count).Count(index => new Shard(index, count).Has(row)).Should().Be(1);
            }
        }
    }

    [Fact]
    public void Shard_WithoutFlagAndEnvironment_IsTheWhole() => Read(null).Should().Be((Shard.Whole, ""));

    [Fact]
    public void Shard_FromAnIndexedJob_IsItsPodsPart() => Read(null, "3", "4").Should().Be((new Shard(3, 4), ""));

    [Fact]
    public void Shard_ByFlag_WinsOverTheEnvironment() => Read("1/2", "3", "4").Should().Be((new Shard(1, 2), ""));

    [Theory]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1")]
    [InlineData("/4")]
    [InlineData("a/b")]
    [InlineData("0/0")]
    public void Shard_ThatIsNone_IsRefused(string flag) =>
        Read(flag).Error.Should().Be($"--shard is '{flag}'; allowed: i/n with i from 0 to n-1, such as 0/4");

    [Fact]
    public void Shard_FromAJobThatDoesNotSayHowMany_AsksForIt() =>
        Read(null, "3").Error.Should().Be(
            "JOB_COMPLETION_INDEX is 3, but nothing says how many pods there are: set JOB_COMPLETIONS to the Job's completions, or give --shard 3/n");

    [Fact]
    public void Shard_PastTheCompletions_IsRefused() => Read(null, "4", "4").Error.Should().StartWith("JOB_COMPLETION_INDEX is '4' and JOB_COMPLETIONS is '4'");

    private static (Shard Shard, string Error) Read(string? flag, string? index = null, string? count = null)
    {
        List<string> errors = [];
        Shard shard = Shard.Read(flag, name => name == Shard.IndexVariable ? index : name == Shard.CountVariable ? count : null, errors);
        return (shard, string.Concat(errors));
    }
}
