using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Management.Manifest;

namespace Sidecars.Management.Rollout;

/// <summary>Brings a change into a component: a model's storage, an image, whatever else.</summary>
internal static class ComponentChanges
{
    public static void Apply(InferenceService service, ComponentSpec component, CanaryChange change)
    {
        if (change.StorageUri is { } uri && !SetStorage(component, uri))
        {
            throw Rollouts.Refuse(
                service, $"its {change.Component} has no storageUri, nor a STORAGE_URI, that could be changed. Change its image instead.");
        }

        if (change.Image is { } image && !SetImage(component, image))
        {
            throw Rollouts.Refuse(
                service, $"its {change.Component} has no container whose image could be changed. Change its storageUri instead.");
        }

        change.Configure?.Invoke(component);
    }

    /// <summary>In <c>spec.canary</c>, unlike in <c>spec.predictor</c>, the schema wants a model's container to have its name.</summary>
    public static void NameModel(PredictorSpec predictor)
    {
        if (predictor.Model is { } model)
        {
            model.Name ??= "kserve-container";
        }
        else if (Shortcut(predictor) is { } shortcut && !predictor.Additional![shortcut].TryGetProperty("name", out _))
        {
            SetShortcut(predictor, shortcut, "name", "kserve-container");
        }
    }

    private static bool SetStorage(ComponentSpec component, string uri)
    {
        if (component is PredictorSpec { Model: { } model })
        {
            model.StorageUri = uri;
            return true;
        }

        if (Shortcut(component) is { } shortcut)
        {
            return SetShortcut(component, shortcut, "storageUri", uri);
        }

        if (component.StorageUris is [{ } only])
        {
            only.Uri = uri;
            return true;
        }

        EnvironmentVariable? variable = Own(component)?.Env?.FirstOrDefault(e => e.Name == "STORAGE_URI");
        if (variable is not null)
        {
            variable.Value = uri;
        }

        return variable is not null;
    }

    private static bool SetImage(ComponentSpec component, string image)
    {
        if (component is PredictorSpec { Model: { } model })
        {
            model.Image = image;
            return true;
        }

        if (Shortcut(component) is { } shortcut)
        {
            return SetShortcut(component, shortcut, "image", image);
        }

        if (Own(component) is not { } container)
        {
            return false;
        }

        container.Image = image;
        return true;
    }

    private static ContainerSpec? Own(ComponentSpec component) =>
        component.Containers?.FirstOrDefault(c => c.Name == "kserve-container") ?? component.Containers?.FirstOrDefault();

    /// <summary>Older manifests name the framework instead of <c>model</c>: <c>sklearn: {storageUri: …}</c>.</summary>
    private static string? Shortcut(ComponentSpec component) =>
        KnownFields.Frameworks.FirstOrDefault(s =>
            component.Additional?.TryGetValue(s, out JsonElement value) == true && value.ValueKind == JsonValueKind.Object);

    private static bool SetShortcut(ComponentSpec component, string shortcut, string field, string value)
    {
        JsonObject changed = JsonObject.Create(component.Additional![shortcut])!;
        changed[field] = value;
        component.Set(shortcut, changed);
        return true;
    }
}
