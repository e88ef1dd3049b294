using System.Text.Json.Nodes;
using Sidecars.Management.Yaml;

namespace Sidecars.Management.Tests.Manifest;

public sealed class YamlTests
{
    [Theory]
    [InlineData("12", "12")]
    [InlineData("-3", "-3")]
    [InlineData("0x10", "16")]
    [InlineData("0400", "256")]
    [InlineData("-010", "-8")]
    [InlineData("0o644", "420")]
    [InlineData("0", "0")]
    [InlineData("089", "89")]
    [InlineData("0777777777777777777777777", "7.777777777777778E+23")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("~", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("500m", "\"500m\"")]
    [InlineData("\"12\"", "\"12\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("99999999999999999999", "1E+20")]
    public void Read_Scalar_HasTheTypeThatKubernetesToolsGiveIt(string yaml, string json) =>
        (YamlReader.Read($"a: {yaml}").Single()["a"]?.ToJsonString() ?? "null").Should().Be(json);

    [Theory]
    [InlineData("yes")]
    [InlineData("on")]
    [InlineData("n")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("1_000")]
    [InlineData("1:30")]
    [InlineData("1.5")]
    [InlineData(".inf")]
    [InlineData("0x1f")]
    [InlineData("0644")]
    [InlineData("2026-01-01")]
    [InlineData("1e5")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("- a")]
    [InlineData("{a}")]
    [InlineData("*x")]
    [InlineData("&x")]
    [InlineData("%x")]
    [InlineData("@x")]
    [InlineData("a\nb\tc")]
    [InlineData("tail:")]
    [InlineData(" a")]
    [InlineData("quo\"te\\")]
    [InlineData("Zürich – ✓ 😀")]
    [InlineData("\u0001\u2028")]
    public void Write_TextThatLooksLikeSomethingElse_IsQuotedAndComesBack(string text)
    {
        string yaml = YamlWriter.Write(new JsonObject { ["a"] = text, [text + "k"] = 1 });

        yaml.Should().StartWith("a: \"");
        YamlReader.Read(yaml).Single()["a"]!.GetValue<string>().Should().Be(text);
    }

    [Theory]
    [InlineData("s3://models/churn/1")]
    [InlineData("kserve-container")]
    [InlineData("registry.example.com:5000/acme/churn:1.0")]
    [InlineData("--model_name=churn")]
    [InlineData("500m")]
    [InlineData("2Gi")]
    [InlineData("serving.kserve.io/v1beta1")]
    public void Write_UsualText_StandsPlain(string text) => YamlWriter.Write(new JsonObject { ["a"] = text }).Should().Be($"a: {text}\n");

    [Fact]
    public void Write_NestedBlocks_ReadBackTheSame()
    {
        JsonNode node = JsonNode.Parse("""
            {"a":{"b":[1,2.5,{"c":[],"d":{},"e":null,"f":[[1,[2]],{"g":true}]}],"h":-0.25},"i":[{"j":"k"},{"j":"l","m":["o"]}]}
            """)!;

        string yaml = YamlWriter.Write(node);

        JsonNode.DeepEquals(YamlReader.Read(yaml).Single(), node).Should().BeTrue(yaml);
        yaml.Should().Contain("i:\n- j: k\n- j: l\n  m:\n  - o\n");
    }

    [Fact]
    public void Read_SeveralDocuments_GivesEach() =>
        YamlReader.Read("a: 1\n---\n# nothing\n---\nb: 2\n").Select(n => n.ToJsonString()).Should().Equal("{\"a\":1}", "{\"b\":2}");

    [Fact]
    public void Read_Anchors_AreFollowedButNotInCircles()
    {
        YamlReader.Read("a: &x [1]\nb: *x").Single().ToJsonString().Should().Be("{\"a\":[1],\"b\":[1]}");
        FluentActions.Invoking(() => YamlReader.Read("a: &x\n  b: *x")).Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("a: [1")]
    [InlineData("a: b: c")]
    [InlineData("a: 1\na: 2")]
    public void Read_BrokenText_SaysWhere(string yaml) =>
        FluentActions.Invoking(() => YamlReader.Read(yaml)).Should().Throw<FormatException>().WithMessage("*line*");
}
