using System.Text.Json;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tests.Options;

public sealed class OptionTableTests
{
    public static TheoryData<string> Types => new(OptionTable.All.Select(static t => t.Type));

    [Theory]
    [MemberData(nameof(Types))]
    public void Option_EveryOne_WritesADefaultThatItReadsAgain(string type)
    {
        OptionTable table = OptionTable.Find(type)!;
        foreach (ExplainerOption option in table.Options)
        {
            var settings = new ExplainerSettings();
            using JsonDocument value = JsonDocument.Parse(option.Default);

            table.Set(ref settings, option.Name, new OptionInput(value.RootElement), atStart: true).Should().BeNull(option.Name);

            Written(option, settings).Should().Be(option.Default);
        }
    }

    [Fact]
    public void AnchorTabular_ItsParams_AreAlibisInAlibisOrder() =>
        OptionTable.Find("AnchorTabular")!.Options.Select(static o => o.Name).Should().Equal(
            "seed", "disc_perc", "threshold", "delta", "tau", "batch_size", "coverage_samples", "beam_size", "stop_on_first", "max_anchor_size",
            "min_samples_start", "n_covered_ex", "binary_cache_size", "cache_margin", "verbose", "verbose_every", "deadline_ms");

    [Theory]
    [InlineData("AnchorTabular", "threshold", "0.9", "0.9")]
    [InlineData("AnchorTabular", "max_samples_start", "7", "7")]
    [InlineData("AnchorTabular", "stop_on_first", "Yes", "true")]
    [InlineData("AnchorTabular", "stop_on_first", "t", "true")]
    [InlineData("AnchorTabular", "stop_on_first", "N", "false")]
    [InlineData("AnchorTabular", "max_anchor_size", "None", "null")]
    [InlineData("AnchorTabular", "disc_perc", "10,50.5", "[10,50.5]")]
    [InlineData("AnchorTabular", "disc_perc", "[10, 90]", "[10,90]")]
    [InlineData("KernelShap", "nsamples", "auto", "null")]
    [InlineData("KernelShap", "nsamples", "64", "64")]
    [InlineData("KernelShap", "l1_reg", "false", "\"off\"")]
    [InlineData("KernelShap", "l1_reg", "0", "\"off\"")]
    [InlineData("KernelShap", "l1_reg", "0.25", "\"0.25\"")]
    [InlineData("KernelShap", "l1_reg", "num_features(3)", "\"num_features(3)\"")]
    [InlineData("KernelShap", "groups", "[[0,1],[2]]", "[[0,1],[2]]")]
    [InlineData("KernelShap", "group_names", "a, b", "[\"a\",\"b\"]")]
    [InlineData("TreeShap", "algorithm", "tree_path_dependent", "\"tree_path_dependent\"")]
    [InlineData("Shap", "seed", "-5", "-5")]
    public void Text_OfAFlagOrQuery_IsReadForWhatItSays(string type, string name, string text, string written)
    {
        OptionTable table = OptionTable.Find(type)!;
        var settings = new ExplainerSettings();

        table.Set(ref settings, name, new OptionInput(text), atStart: true).Should().BeNull();

        Written(table.Option(name)!, settings).Should().Be(written);
    }

    [Theory]
    [InlineData("threshold", "high", "'threshold' is 'high'; allowed: a number above 0 and at most 1")]
    [InlineData("threshold", "NaN", "'threshold' is 'NaN'; allowed: a number above 0 and at most 1")]
    [InlineData("stop_on_first", "maybe", "'stop_on_first' is 'maybe'; allowed: true or false")]
    [InlineData("disc_perc", "50,25", "'disc_perc' is '50,25'; allowed: a list of numbers between 0 and 100, ascending")]
    [InlineData("seed", "99999999999999999999", "'seed' is '99999999999999999999'; allowed: a whole number")]
    public void Text_NotAllowed_SaysWhatIs(string name, string text, string problem)
    {
        var settings = new ExplainerSettings();

        OptionTable.Find("AnchorTabular")!.Set(ref settings, name, new OptionInput(text), atStart: true).Should().Be(problem);

        settings.Should().Be(new ExplainerSettings());
    }

    [Fact]
    public void Option_SettledAtTheStart_IsNotForRequests()
    {
        var settings = new ExplainerSettings();
        OptionTable table = OptionTable.Find("AnchorTabular")!;

        table.Set(ref settings, "disc_perc", new OptionInput("50"), atStart: false).Should().Be("'disc_perc' is settled when the server starts: set it in explainer.json");
        table.Set(ref settings, "nope", new OptionInput("50"), atStart: false).Should().StartWith("AnchorTabular has no option 'nope'; known: seed, threshold, ").And.NotContain("disc_perc");
    }

    [Fact]
    public void Seed_OfAnyExplainer_ReachesIt()
    {
        var settings = new ExplainerSettings();
        OptionTable.Find("Shap")!.Set(ref settings, "seed", OptionInput.Of(7L), atStart: false).Should().BeNull();

        (settings.Seed, settings.Anchors.Seed, settings.Shap.Seed).Should().Be((7, 7, 7));
    }

    private static string Written(ExplainerOption option, ExplainerSettings settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            option.Write(json, settings);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
