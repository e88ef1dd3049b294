using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tests.Tabular;

/// <summary>
/// Holds explainer.schema.json to the option tables, and to the reader: what the one takes, the other takes. The part that
/// lists options is generated; run with <c>UPDATE_DOCS=1</c> to write it anew.
/// </summary>
public sealed class ExplainerSchemaTests
{
    private const string Path = "explainers/Sidecars.Explainers/Tabular/explainer.schema.json";

    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonObject s_schema = JsonNode.Parse(ExplainerDocument.JsonSchema)!.AsObject();

    public static TheoryData<string> Good => new(
        """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"Shap"}]}""",
        """{"$schema":"x","schema":"sidecars/explainer-v1","features":[{"name":"a","categories":["","b"]},{"name":"c","categories":null}],"classes":null,"data":null,"background":null,"model":null,"output":null,"explainers":[{"type":"Shap","options":null}]}""",
        """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"classes":["n","y"],"data":"t.csv","background":{"rows":100,"method":"file","file":"b.csv"},"model":"m.onnx","output":"p","explainers":[{"type":"AnchorTabular","options":{"threshold":0.9,"disc_perc":[10,90],"max_anchor_size":null,"max_samples_start":3,"verbose":true}},{"type":"KernelShap","options":{"nsamples":"auto","l1_reg":"num_features(10)","groups":[[0]],"group_names":["g"],"stop_at_error":0.1}}]}""",
        """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"background":{"rows":1.0,"method":null},"explainers":[{"type":"TreeShap","options":{"algorithm":"tree_path_dependent","model_output":"raw","interactions":true,"seed":-3,"deadline_ms":null}},{"type":"LinearShap","options":{}},{"type":"KernelShap","options":{"l1_reg":false,"nsamples":null}}]}""",
        """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"KernelShap","options":{"l1_reg":0.5,"nsamples":12.0}}]}""");

    public static TheoryData<string> Bad
    {
        get
        {
            string[] whole =
            [
                "[]", "{}", "3",
                """{"schema":"sidecars/explainer-v2","features":[{"name":"a"}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}]}""",
                """{"schema":"sidecars/explainer-v1","features":["a"],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"nam":"a"}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":""}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a","categories":[]}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a","categories":["x","x"]}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a","categories":[1]}],"explainers":[{"type":"Shap"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"Lime"}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"options":{}}]}""",
                """{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"Shap","options":[]}]}""",
            ];
            string[] keys =
            [
                "\"modell\":\"m\"", "\"model\":\"\"", "\"model\":1", "\"output\":[]", "\"data\":{}", "\"classes\":[]", "\"classes\":[\"a\",\"a\"]",
                "\"classes\":\"a\"", "\"$schema\":1", "\"background\":[]", "\"background\":{\"row\":1}", "\"background\":{\"rows\":0}",
                "\"background\":{\"rows\":1.5}", "\"background\":{\"rows\":\"9\"}", "\"background\":{\"method\":\"mean\"}",
                "\"background\":{\"method\":\"file\"}", "\"background\":{\"method\":\"file\",\"file\":null}", "\"background\":{\"file\":\"\"}",
            ];
            string[] anchors =
            [
                "\"threshhold\":1", "\"threshold\":0", "\"threshold\":1.1", "\"threshold\":\"0.9\"", "\"delta\":1", "\"tau\":0", "\"batch_size\":0", "\"batch_size\":1.5",
                "\"beam_size\":null", "\"stop_on_first\":1", "\"max_anchor_size\":0", "\"n_covered_ex\":-1", "\"disc_perc\":[]", "\"disc_perc\":[0]", "\"disc_perc\":50",
                "\"seed\":3000000000", "\"deadline_ms\":0", "\"link\":\"logit\"", "\"verbose\":\"yes\"",
            ];
            string[] kernel =
            [
                "\"link\":\"log\"", "\"link\":null", "\"nsamples\":0", "\"nsamples\":\"many\"", "\"l1_reg\":true", "\"l1_reg\":-1", "\"l1_reg\":\"num_features(0)\"", "\"l1_reg\":null",
                "\"groups\":[]", "\"groups\":[[]]", "\"groups\":[[-1]]", "\"groups\":[0]", "\"group_names\":[1]", "\"stop_at_error\":0", "\"algorithm\":\"auto\"",
            ];
            return
            [
                .. whole,
                .. keys.Select(static k => $$"""{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],{{k}},"explainers":[{"type":"TreeShap"}]}"""),
                .. anchors.Select(static o => $$"""{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"AnchorTabular","options":{ {{o}} } }]}"""),
                .. kernel.Select(static o => $$"""{"schema":"sidecars/explainer-v1","features":[{"name":"a"}],"explainers":[{"type":"KernelShap","options":{ {{o}} } }]}"""),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Document_Good_PassesSchemaAndReader(string json)
    {
        JsonSchemaCheck.IsValid(JsonNode.Parse(json), s_schema).Should().BeTrue();
        FluentActions.Invoking(() => ExplainerDocument.Parse(Encoding.UTF8.GetBytes(json))).Should().NotThrow();
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Document_Bad_FailsSchemaAndReader(string json)
    {
        JsonSchemaCheck.IsValid(JsonNode.Parse(json), s_schema).Should().BeFalse();
        FluentActions.Invoking(() => ExplainerDocument.Parse(Encoding.UTF8.GetBytes(json))).Should().Throw<SidecarConfigurationException>();
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Document_WrittenAndRead_IsTheSame(string json)
    {
        ExplainerDocument document = ExplainerDocument.Parse(Encoding.UTF8.GetBytes(json));
        using var stream = new MemoryStream();
        document.WriteTo(stream);

        ExplainerDocument again = ExplainerDocument.Parse(stream.ToArray());

        JsonSchemaCheck.IsValid(JsonNode.Parse(stream.ToArray()), s_schema).Should().BeTrue();
        again.Should().BeEquivalentTo(document, static o => o
            .Excluding(static d => d.Explainers)
            .ComparingByMembers<ExplainerDocument>());
        Options(again).Should().Equal(Options(document));
    }

    [Fact]
    public void Schema_OfTheOptions_IsThatOfTheTables()
    {
        string file = Repository.File(Path);
        JsonObject schema = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        JsonObject explainer = schema["properties"]!["explainers"]!["items"]!.AsObject();
        explainer["properties"]!["type"]!["enum"] = new JsonArray([.. OptionTable.All.Select(static t => (JsonNode)t.Type)]);
        explainer["allOf"] = new JsonArray([.. OptionTable.All.Select(Rule)]);
        string expected = schema.ToJsonString(s_options) + "\n";
        if (Repository.Updates)
        {
            File.WriteAllText(file, expected);
        }

        File.ReadAllText(file).Should().Be(expected, "its options are generated: run the tests with UPDATE_DOCS=1 to write them anew");
    }

    private static IEnumerable<string> Options(ExplainerDocument document) => document.Explainers.Select(static e =>
        e.Type + string.Concat((e.Options ?? new Dictionary<string, JsonElement>()).Select(static o => $" {o.Key}={JsonNode.Parse(o.Value.GetRawText())?.ToJsonString()}")));

    private static JsonNode Rule(OptionTable table)
    {
        var properties = new JsonObject();
        foreach (ExplainerOption option in table.Options)
        {
            foreach (string name in option.OtherNames.Prepend(option.Name))
            {
                JsonObject schema = JsonNode.Parse(option.Schema)!.AsObject();
                schema["description"] = option.NoEffectBecause is { } because ? $"{option.Help} Without effect: {because}." : option.Help;
                properties[name] = schema;
            }
        }

        return new JsonObject
        {
            ["if"] = new JsonObject { ["required"] = new JsonArray("type"), ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = table.Type } } },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["options"] = new JsonObject { ["properties"] = properties, ["additionalProperties"] = false },
                },
            },
        };
    }
}
