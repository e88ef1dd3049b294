using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;
using Sidecars.Management.Yaml;

namespace Sidecars.Management.Tests.Manifest;

/// <summary>
/// The schema of KServe's own custom resource definition, as a JSON Schema that also refuses fields it does not name: the
/// API server would drop them.
/// </summary>
internal static class CustomResourceSchema
{
    private static readonly Lazy<Task<JsonSchema>> s_schema = new(LoadAsync);

    /// <summary>The definition's file; null when it is not at hand.</summary>
    public static string? File => Candidates().FirstOrDefault(System.IO.File.Exists);

    public static async Task<IReadOnlyList<string>> ValidateAsync(string json) =>
        [.. (await s_schema.Value).Validate(json).SelectMany(Describe)];

    /// <summary>The innermost errors: that an item of a list is wrong says little.</summary>
    private static IEnumerable<string> Describe(ValidationError error) => error is ChildSchemaValidationError { Errors.Count: > 0 } child
        ? child.Errors.SelectMany(e => e.Value).SelectMany(Describe)
        : [$"{error.Path}: {error.Kind}"];

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KSERVE_CRD") is { Length: > 0 } given)
        {
            yield return given;
        }

        yield return Path.Combine(Repository(), "../shared/data/kserve/inferenceservices.crd.yaml");
    }

    private static string Repository([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../..");

    private static Task<JsonSchema> LoadAsync()
    {
        JsonNode definition = YamlReader.Read(System.IO.File.ReadAllText(File!)).Single();
        JsonNode version = definition["spec"]!["versions"]!.AsArray().Single(v => v!["name"]!.GetValue<string>() == "v1beta1")!;
        JsonObject schema = version["schema"]!["openAPIV3Schema"]!.DeepClone().AsObject();
        Close(schema, isRoot: true);
        return JsonSchema.FromJsonAsync(schema.ToJsonString());
    }

    /// <summary>What Kubernetes adds to JSON Schema, in its terms.</summary>
    private static void Close(JsonObject schema, bool isRoot = false)
    {
        if (schema["x-kubernetes-int-or-string"]?.GetValue<bool>() == true)
        {
            schema["anyOf"] = JsonNode.Parse("""[{"type":"integer"},{"type":"string"}]""");
            schema.Remove("type");
        }

        if (schema["properties"] is JsonObject properties)
        {
            foreach ((string name, JsonNode? property) in properties)
            {
                // metadata is the API server's own; its schema is not in the definition.
                if (!(isRoot && name == "metadata"))
                {
                    Close(property!.AsObject());
                }
            }

            if (schema["x-kubernetes-preserve-unknown-fields"]?.GetValue<bool>() != true && !schema.ContainsKey("additionalProperties"))
            {
                schema["additionalProperties"] = false;
            }
        }

        if (schema["additionalProperties"] is JsonObject additional)
        {
            Close(additional);
        }

        if (schema["items"] is JsonObject items)
        {
            Close(items);
        }
    }
}
