using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sidecars.Docs.Tests.Pages;
using Sidecars.Management;
using Sidecars.Management.Tests.Manifest;
using Sidecars.Management.Yaml;

namespace Sidecars.Docs.Tests.Data;

/// <summary>JSON, YAML, XML and Python of the pages can be read; InferenceServices are such that KServe takes them.</summary>
public sealed partial class DataTests
{
    public static TheoryData<string, int> Jsons => BlockCases.Of(static b => b.Kind == BlockKind.Json);

    public static TheoryData<string, int> Yamls => BlockCases.Of(static b => b.Kind == BlockKind.Yaml);

    public static TheoryData<string, int> Xmls => BlockCases.Of(static b => b.Kind == BlockKind.Xml);

    public static TheoryData<string, int> Services => BlockCases.Of(static b => b.Kind == BlockKind.Yaml && Documents(b).Any(IsService));

    [Theory]
    [MemberData(nameof(Jsons))]
    public void Json_OfThePage_CanBeRead(string page, int line) => ReadJson(BlockCases.Find(page, line).Text).Should().BePositive();

    [Theory]
    [MemberData(nameof(Yamls))]
    public void Yaml_OfThePage_CanBeRead(string page, int line) => Documents(BlockCases.Find(page, line)).Should().NotBeEmpty();

    [Fact]
    public void Xml_OfThePages_CanBeRead()
    {
        foreach (Block block in Page.All.SelectMany(static p => p.Blocks).Where(static b => b.Kind == BlockKind.Xml))
        {
            // Parts of a project file may stand one after another.
            XElement.Parse($"<page>{block.Text}</page>").HasElements.Should().BeTrue("{0} has to have elements", block);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void InferenceService_RulesBeyondTheSchema_AreKept(string page, int line) =>
        Documents(BlockCases.Find(page, line)).Where(IsService)
            .SelectMany(static d => ManifestRules.Check(InferenceService.Parse(d.ToJsonString()))).Should().BeEmpty();

    [CrdTheory]
    [MemberData(nameof(Services))]
    public async Task InferenceService_AgainstTheCustomResourceDefinition_IsValid(string page, int line)
    {
        foreach (JsonNode service in Documents(BlockCases.Find(page, line)).Where(IsService))
        {
            (await CustomResourceSchema.ValidateAsync(service.ToJsonString())).Should().BeEmpty();
        }
    }

    /// <summary>Parsed only: the Python SDK of KServe and alibi are not installed where tests run.</summary>
    [Fact]
    [Trait("Category", "Interop")]
    public async Task Python_OfThePages_IsPython()
    {
        Block[] blocks = [.. Page.All.SelectMany(static p => p.Blocks).Where(static b => b.Kind == BlockKind.Python)];
        var sources = new JsonObject([.. blocks.Select(static b => KeyValuePair.Create(b.ToString(), (JsonNode?)b.Text))]);
        ProcessStartInfo info = new(
            "/usr/bin/python3", ["-c", "import ast, json, sys\nfor name, text in json.load(sys.stdin).items(): ast.parse(text, name)"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };

        using Process python = Process.Start(info)!;
        await python.StandardInput.WriteAsync(sources.ToJsonString());
        python.StandardInput.Close();
        string errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();

        errors.Should().BeEmpty();
        python.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"row":0,"data":{…}}""", 1)]
    [InlineData("""{"rows":[1, 2, …]}""", 1)]
    [InlineData("{}\n{}", 2)]
    public void Json_WithWhatIsLeftOut_IsReadWithoutIt(string text, int documents) => ReadJson(text).Should().Be(documents);

    [Fact]
    public void Json_ThatIsNone_IsRefused() => FluentActions.Invoking(() => ReadJson("{\"a\":}")).Should().Throw<JsonException>();

    /// <summary>Reads all documents; an ellipsis stands for what is left out.</summary>
    private static int ReadJson(string text)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(LeftOut().Replace(text, "")),
            new JsonReaderOptions { AllowMultipleValues = true });
        int documents = 0;
        while (reader.Read())
        {
            documents += reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) ? 1 : 0;
        }

        return documents;
    }

    [GeneratedRegex(@",?\s*…")]
    private static partial Regex LeftOut();

    private static IReadOnlyList<JsonNode> Documents(Block block) => YamlReader.Read(block.Text);

    private static bool IsService(JsonNode document) => document is JsonObject service && service["kind"]?.GetValue<string>() == "InferenceService";
}
