using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// What browsers get at <c>/</c>: the models, a form to try each of them, and the progress of explanations. The page is the
/// same for everybody; what it shows stands in it as JSON.
/// </summary>
internal sealed class StartPage(ModelRegistry models, ModelDescriptions descriptions, OpenAiRoutes openAi, SidecarOptions options)
{
    private static readonly Lazy<Page> s_page = new(static () => new Page(
        "start.html", ["base.css", "start.css"], ["text.js", "events.js", "command.js", "trial.js", "start.js"]));

    public async Task WriteAsync(HttpContext http)
    {
        var list = new JsonArray();
        foreach (IGrouping<Model, RegisteredModel> names in models.Registered.GroupBy(static r => r.Model))
        {
            list.Add((JsonNode)await DescribeAsync([.. names], http.RequestAborted).ConfigureAwait(false));
        }

        var data = new JsonObject
        {
            ["version"] = InfoEndpoints.ServerVersion,
            ["docs"] = options.EnableDocsUrl,
            ["metrics"] = options.MetricsPort is not { } port || port == options.HttpPort,
            ["openai"] = openAi.Prefix,
            ["models"] = list,
        };

        // The default encoder leaves no character that could end the element it stands in.
        await s_page.Value.WriteAsync(http, JsonSerializer.Serialize(data, OpenApiJson.Default.JsonObject)).ConfigureAwait(false);
    }

    private async ValueTask<JsonObject> DescribeAsync(RegisteredModel[] names, CancellationToken cancellation)
    {
        RegisteredModel registered = names[0];
        var described = new JsonObject
        {
            ["name"] = registered.Name,
            ["aliases"] = new JsonArray([.. names.Skip(1).Select(static n => (JsonNode)n.Name)]),
            ["openai"] = registered.Model is OpenAIProxyModel,
            ["explains"] = registered.Explains,
        };
        ModelMetadata metadata = await descriptions.MetadataAsync(registered, cancellation).ConfigureAwait(false);
        var example = ExampleRequest.Of(registered, metadata);
        described["inputs"] = Tensors(metadata.Inputs);
        described["outputs"] = Tensors(metadata.Outputs);
        described["v1"] = example.V1.ToJsonString();
        described["v2"] = example.V2?.ToJsonString();
        described["madeUp"] = example.IsMadeUp;
        return described;
    }

    private static JsonArray Tensors(IReadOnlyList<TensorMetadata> tensors) => new(
    [
        .. tensors.Select(static t => (JsonNode)new JsonObject
        {
            ["name"] = t.Name,
            ["datatype"] = t.Datatype.Name(),
            ["shape"] = new JsonArray([.. t.Shape.Select(static d => (JsonNode)d)]),
        }),
    ]);
}
