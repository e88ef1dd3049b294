using System.Text.Json;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>What a request can have wrong, and what it is told.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private readonly ArtifactFolder _folder = Served.People();
    private readonly ScriptedPredictor _predictor = new ScriptedPredictor().Always(Served.Judge);
    private SidecarTestHost _host = null!;

    public static TheoryData<string, string> V1 => new()
    {
        { """{"instances":[]}""", "there is no row to explain" },
        { """{"rows":[[30,1]]}""", "Expected a JSON object with the key \"instances\"" },
        { """{"instances":[[30,1],[30]]}""", "row 1 has 1 values, 2 are expected: age, work" },
        { """{"instances":[30]}""", "row 0 must be a list of 2 values or an object of named features, it is 30" },
        { """{"instances":[{"work":1}]}""", "row 0: feature 'age' is missing" },
        { """{"instances":[["old",1]]}""", "row 0: feature 'age' is an unexpected text" },
        { """{"instances":[[1e99,1]]}""", "row 0: feature 'age' is 1e99, a number is expected" },
        { """{"instances":[[30,"sea"]]}""", "row 0: feature 'work' is 'sea', no category of it; known: 'farm', 'office', 'none', or their codes from 0" },
        { """{"instances":[[30,3]]}""", "row 0: feature 'work' is 3, no category of it; known: 'farm', 'office', 'none', or their codes from 0" },
        { """{"instances":[[30,null]]}""", "row 0: feature 'work' is null, no category of it; known: 'farm', 'office', 'none', or their codes from 0" },
        { """{"instances":[[30,1]],"parameters":{"explainer":"Lime"}}""", "there is no explainer \"Lime\" here; there is: AnchorTabular, KernelShap" },
        { """{"instances":[[30,1]],"parameters":{"explainer":3}}""", "there is no explainer 3 here; there is: AnchorTabular, KernelShap" },
        { """{"instances":[[30,1]],"parameters":7}""", "'parameters' must be an object" },
        { """{"instances":[[30,1]],"parameters":{"threshold":2}}""", "'threshold' is 2; allowed: a number above 0 and at most 1" },
        { """{"instances":[[30,1]],"parameters":{"disc_perc":[50]}}""", "'disc_perc' is settled when the server starts: set it in explainer.json" },
        { """{"instances":[[30,1]],"parameters":{"explainer":"KernelShap","treshold":0.9}}""",
            "KernelShap has no option 'treshold'; known: link, group_names, groups, nsamples, l1_reg, stop_at_error, seed, deadline_ms, explainer" },
    };

    public static TheoryData<string, string> V2 => new()
    {
        { """{"name":"rows","datatype":"FP32","shape":[1,3],"data":[1,2,3]}""", "input 'rows' has the shape [1, 3], [rows, 2] is expected: age, work; or give one tensor for each feature, of its name" },
        { """{"name":"rows","datatype":"FP32","shape":[1,2],"data":[30,7]}""", "row 0: feature 'work' is 7, no category of it; known: 'farm', 'office', 'none', or their codes from 0" },
        { """{"name":"rows","datatype":"BYTES","shape":[1,2],"data":["x","farm"]}""", "row 0: feature 'age' is 'x', a number is expected" },
        { """{"name":"age","datatype":"FP32","shape":[1],"data":[30]}""", "feature 'work' is missing" },
        { """{"name":"age","datatype":"FP32","shape":[1],"data":[30]},{"name":"job","datatype":"FP32","shape":[1],"data":[1]}""", "there is no feature 'job'; the features are: age, work" },
        { """{"name":"age","datatype":"FP32","shape":[2],"data":[30,31]},{"name":"work","datatype":"FP32","shape":[1],"data":[1]}""", "feature 'work' has the shape [1], 'age' has 2 rows" },
        { "", "there is no input: give one tensor [rows, features], or one tensor for each feature" },
    };

    public async Task InitializeAsync() => _host = await Served.StartAsync(_folder, _predictor);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(V1))]
    public async Task V1_Wrong_IsA400ThatSaysWhat(string body, string error)
    {
        error = error.Replace("an unexpected text", "\"old\", a number is expected", StringComparison.Ordinal);

        (int status, string text) = await _host.PostAsync(Served.Explain, Served.Json(body));

        (status, Error(text)).Should().Be((400, error));
    }

    [Theory]
    [MemberData(nameof(V2))]
    public async Task V2_Wrong_IsA400ThatSaysWhat(string inputs, string error)
    {
        (int status, string text) = await _host.PostAsync(Served.Infer, Served.Json($$"""{"inputs":[{{inputs}}]}"""));

        (status, Error(text)).Should().Be((400, error));
    }

    [Theory]
    [InlineData("?speed=9", "AnchorTabular has no option 'speed'; known: seed, threshold,*, deadline_ms, explainer")]
    [InlineData("?stop_on_first=maybe", "'stop_on_first' is 'maybe'; allowed: true or false")]
    public async Task Query_Wrong_IsA400ThatSaysWhat(string query, string error)
    {
        (int status, string text) = await _host.PostAsync(Served.Explain + query, Served.Rows(["[30,1]"]));

        status.Should().Be(400);
        Error(text).Should().Match(error);
    }

    [Fact]
    public async Task Start_WithNeitherModelNorPredictor_SaysWhatToDo()
    {
        using ArtifactFolder folder = Served.People();
        Func<Task> start = () => Served.StartAsync(folder);

        await start.Should().ThrowAsync<SidecarConfigurationException>().WithMessage("*has no 'model', and there is no predictor*--predictor_host*");
    }

    [Theory]
    [InlineData("TreeShap", "TreeShap cannot explain this model: *")]
    [InlineData("LinearShap", "LinearShap cannot explain this model: *is no linear model*")]
    public async Task Start_WithAMethodThatTheModelIsNotFor_IsRefused(string type, string error)
    {
        using ArtifactFolder folder = Served.Kit10("mlp", $$"""{"type":"{{type}}"}""");
        Func<Task> start = () => Served.StartAsync(folder);

        await start.Should().ThrowAsync<SidecarConfigurationException>().WithMessage(error);
    }

    [Fact]
    public async Task Start_WithAChosenExplainer_AnswersWithIt()
    {
        using ArtifactFolder folder = Served.People();
        using JsonDocument threshold = JsonDocument.Parse("0.8");
        await using var predictor = new ScriptedPredictor().Always(Served.Judge);
        await using SidecarTestHost host = await Served.StartAsync(folder, predictor, o =>
            o.Explainer = new ExplainerDefinition("AnchorTabular", new Dictionary<string, JsonElement> { ["threshold"] = threshold.RootElement.Clone() }));

        (await host.ExplainAsync(Served.Rows(["[30,1]"]))).At("meta.params.threshold").GetDouble().Should().Be(0.8);
    }

    private static string Error(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.At("error").GetString()!;
    }
}
