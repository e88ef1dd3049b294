using System.Security.Cryptography;
using System.Text.Json;

namespace Sidecars.Explainers.Tests.Tabular;

public sealed class ExplainerArtifactTests
{
    private const string Csv = "age,work,label\n39,Private,1\n50,?,0\n28,1,1\n";

    [Fact]
    public void Load_AWholeArtefact_HasAllOfIt()
    {
        using ArtifactFolder folder = new ArtifactFolder()
            .With("train.csv", Csv)
            .With("model.onnx", "m")
            .With("explainer.json", Json(""" "classes":["no","yes"],"model":"model.onnx","output":"p", """));

        ExplainerArtifact artifact = folder.Load();

        artifact.Schema.Features.Select(static f => f.Name).Should().Equal("age", "work");
        artifact.Schema.Classes.Should().Equal("no", "yes");
        artifact.Data!.Values.ToArray().Should().Equal(39, 1, 50, 0, 28, 1);
        artifact.Background!.Method.Should().Be("all");
        artifact.Background.Rows.Rows.Should().Be(3);
        artifact.ModelPath.Should().Be(Path.Combine(folder.Path, "model.onnx"));
        artifact.ModelSha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData("m"u8)));
        artifact.Document.Output.Should().Be("p");
        artifact.Document.Explainers.Select(static e => e.Type).Should().Equal("AnchorTabular", "Shap");
        artifact.Document.Explainers[0].Options!["threshold"].GetDouble().Should().Be(0.9);
    }

    [Fact]
    public void Background_OfAFile_HasItsRowsAndWeights_AndHowTheyWereChosen()
    {
        using ArtifactFolder folder = new ArtifactFolder()
            .With("train.csv", Csv)
            .With("b.csv", "age,work,weight\n1,?,1\n2,Private,3\n")
            .With("explainer.json", Json(""" "background":{"rows":2,"method":"kmeans","file":"b.csv"}, """));

        ExplainerArtifact artifact = folder.Load();

        artifact.Background!.Rows.Values.ToArray().Should().Equal(1, 0, 2, 1);
        artifact.Background.Weights.ToArray().Should().Equal(0.25, 0.75);
        artifact.Background.Method.Should().Be("kmeans");
        byte[] hashed = [.. new float[] { 1, 0, 2, 1 }.SelectMany(BitConverter.GetBytes), .. new double[] { 0.25, 0.75 }.SelectMany(BitConverter.GetBytes)];
        artifact.BackgroundSha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(hashed)));
    }

    [Fact]
    public void Files_ThatAreLinks_AreFollowed()
    {
        using ArtifactFolder elsewhere = new ArtifactFolder().With("t.csv", Csv);
        using ArtifactFolder folder = new ArtifactFolder().With("explainer.json", Json(""));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "train.csv"), Path.Combine(elsewhere.Path, "t.csv"));

        folder.Load().Data!.Rows.Should().Be(3);
    }

    [Fact]
    public void Load_WithEverythingWrong_TellsEverything()
    {
        using ArtifactFolder folder = new ArtifactFolder()
            .With("train.csv", "age,work\n39,Clown\nold,?\n28\n")
            .With("explainer.json", Json(""" "model":"../m.onnx","background":{"method":"file","file":"none.csv"}, """));

        Errors(folder).Should().Equal(
            $"The artefact in {folder.Path} cannot be used:",
            "model is '../m.onnx': it must be a path inside the artefact's directory",
            "train.csv line 2 (row 0), column 'work': 'Clown' is no category; known: '?', 'Private'",
            "train.csv line 3 (row 1), column 'age': 'old' is no number",
            "train.csv line 4 (row 2) has 1 fields, the first line has 2",
            "background.file is 'none.csv', and there is no such file");
    }

    [Fact]
    public void Document_WithEverythingWrong_TellsEverything()
    {
        using ArtifactFolder folder = new ArtifactFolder().With("explainer.json", """
            {"schema":"v0","features":[{"name":"a"},{"name":"a","kind":"x"},7],"clases":["n"],"model":3,
             "background":{"rows":0,"method":"mean"},
             "explainers":[{"type":"Anchor"},{"type":"AnchorTabular","options":{"threshold":2,"treshold":1}},{"type":"AnchorTabular"}]}
            """);

        Errors(folder).Skip(1).Should().Equal(
            "explainer.json has an unknown key 'clases'; known: $schema, schema, features, classes, data, background, model, output, explainers",
            "schema is 'v0', it must be 'sidecars/explainer-v1'",
            "features[1] has an unknown key 'kind'; known: name, categories",
            "features[1].name is 'a' a second time",
            "features[2] must be an object, it is 7",
            "background.method is 'mean'; known: kmeans, sample, file",
            "background.rows must be a whole number from 1, it is 0",
            "model must be a text that is not empty, it is 3",
            "explainers[0].type is 'Anchor'; known: AnchorTabular, Shap, KernelShap, TreeShap, LinearShap",
            "explainers[1].options: 'threshold' is 2; allowed: a number above 0 and at most 1",
            "explainers[1].options: AnchorTabular has no option 'treshold'; known: seed, disc_perc, threshold, delta, tau, batch_size, coverage_samples, beam_size, "
                + "stop_on_first, max_anchor_size, min_samples_start, n_covered_ex, binary_cache_size, cache_margin, verbose, verbose_every, deadline_ms",
            "explainers[2].type is 'AnchorTabular' a second time");
    }

    [Theory]
    [InlineData("{", "explainer.json is not JSON: *")]
    [InlineData("""{"schema":"sidecars/explainer-v1","schema":"sidecars/explainer-v1"}""", "explainer.json is not JSON: *")]
    public void Document_ThatIsNoJson_IsTold(string json, string problem)
    {
        using ArtifactFolder folder = new ArtifactFolder().With("explainer.json", json);

        Errors(folder)[1].Should().Match(problem);
    }

    [Fact]
    public void Directory_ThatIsNotThereOrEmpty_IsTold()
    {
        using var folder = new ArtifactFolder();

        Errors(folder).Should().Equal($"The artefact in {folder.Path} cannot be used:", "there is no explainer.json in it");
        FluentActions.Invoking(() => ExplainerArtifact.Load(Path.Combine(folder.Path, "x"))).Should().Throw<SidecarConfigurationException>().WithMessage("*there is no such directory");
    }

    [Theory]
    [InlineData("AnchorTabular", "there is no 'data': AnchorTabular draws its samples from it")]
    [InlineData("KernelShap", "there is no background for KernelShap: give 'data' to choose it from, or 'background.file'")]
    public void Explainer_WithoutTheDataItNeeds_IsTold(string type, string problem)
    {
        using ArtifactFolder folder = new ArtifactFolder().With("explainer.json",
            $$"""{"schema":"sidecars/explainer-v1","features":[{"name":"age"}],"explainers":[{"type":"{{type}}"}]}""");

        Errors(folder).Skip(1).Should().Equal(problem);
    }

    [Fact]
    public void Save_ADocument_IsReadBack()
    {
        using ArtifactFolder folder = new ArtifactFolder().With("train.csv", Csv);
        using JsonDocument threshold = JsonDocument.Parse("0.8");
        new ExplainerDocument
        {
            Features = [new("age"), new("work", ["?", "Private"])],
            Data = "train.csv",
            Background = new("sample", 2),
            Explainers = [new("AnchorTabular", new Dictionary<string, JsonElement> { ["threshold"] = threshold.RootElement }), new("KernelShap")],
        }.Save(folder.Path);

        ExplainerArtifact artifact = folder.Load();

        artifact.Background!.Rows.Rows.Should().Be(2);
        artifact.Document.Explainers[0].Options!["threshold"].GetDouble().Should().Be(0.8);
        File.ReadAllText(Path.Combine(folder.Path, "explainer.json")).Should().Contain("\"?\"").And.EndWith("}\n");
    }

    private static string Json(string more) => $$"""
        {"schema":"sidecars/explainer-v1","features":[{"name":"age"},{"name":"work","categories":["?","Private"]}],{{more}}
         "data":"train.csv","explainers":[{"type":"AnchorTabular","options":{"threshold":0.9} },{"type":"Shap"}]}
        """;

    private static string[] Errors(ArtifactFolder folder) =>
        FluentActions.Invoking(folder.Load).Should().Throw<SidecarConfigurationException>().Which.Message.Split("\n  - ");
}
