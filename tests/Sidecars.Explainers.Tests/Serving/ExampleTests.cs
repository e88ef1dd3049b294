using System.Text.Json;
using Sidecars.Explainers.Serving;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>The request that callers are shown to try an explainer with.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Example_OfAnArtefactWithAModel_NamesFeaturesAndCategories()
    {
        using ArtifactFolder folder = new ArtifactFolder().With("train.csv", "age,work\n18.5,office\n").With("model.onnx", "").With("explainer.json", """
            {"schema":"sidecars/explainer-v1","features":[{"name":"age"},{"name":"work","categories":["farm","office"]}],"data":"train.csv",
             "model":"model.onnx","explainers":[{"type":"KernelShap"}]}
            """);

        ExampleRow.Of(ExplainerArtifact.Load(folder.Path))!.ToJsonString().Should().Be("""{"instances":[{"age":18.5,"work":"office"}]}""");
    }

    [Fact]
    public void Example_BeforeAPredictor_IsAListOfNumbers()
    {
        using ArtifactFolder folder = Served.People();

        ExampleRow.Of(ExplainerArtifact.Load(folder.Path))!.ToJsonString().Should().Be("""{"instances":[[18,0]]}""");
    }

    [KitFact]
    public async Task Example_OfAServer_IsAnsweredByEveryRouteItIsShownFor()
    {
        using ArtifactFolder folder = Served.Kit10("lr", """{"type":"LinearShap"}""");
        await using SidecarTestHost host = await Served.StartAsync(folder);
        using JsonDocument document = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi.json"));

        foreach (string path in (string[])["/v1/models/{model_name}:predict", Served.Explain.Replace("/model:", "/{model_name}:"), "/explain"])
        {
            string example = document.RootElement.GetProperty("paths").GetProperty(path)
                .At("post.requestBody.content.application/json.examples.model.value").GetRawText();

            (int status, string text) = await host.PostAsync(path.Replace("{model_name}", "model"), Served.Json(example));

            status.Should().Be(200, text);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Example_OfAnAttachedExplainer_IsThereWhenItsRowsAreTheCallers(bool preprocessFirst, bool shown)
    {
        using ArtifactFolder folder = Served.People("""{"type":"KernelShap"}""");
        var explainer = new TabularExplainer(new TabularExplainerOptions { Directory = folder.Path, PreprocessFirst = preprocessFirst });
        IExplainer attached = explainer;

        attached.Example.Should().BeNull("nothing is loaded yet");
        await explainer.LoadAsync(CancellationToken.None);

        (attached.Example is not null).Should().Be(shown);
        await explainer.StopAsync(CancellationToken.None);
    }
}
