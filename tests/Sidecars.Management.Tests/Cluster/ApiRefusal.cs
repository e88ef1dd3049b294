using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>An error of the API server, as the Status object it answers with.</summary>
internal sealed class ApiRefusal(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = reason,
            ["code"] = code,
        };
        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        return status;
    }

    public static ApiRefusal NotFound(string resource, string name) => new(
        404, "NotFound", $"{Full(resource)} \"{name}\" not found", Details(resource, name));

    public static ApiRefusal AlreadyExists(string resource, string name) => new(
        409, "AlreadyExists", $"{Full(resource)} \"{name}\" already exists", Details(resource, name));

    public static ApiRefusal Conflict(string resource, string name) => new(
        409, "Conflict",
        $"Operation cannot be fulfilled on {Full(resource)} \"{name}\": the object has been modified; please apply your changes to the latest version and try again",
        Details(resource, name));

    public static ApiRefusal Invalid(string resource, string name, string what) => new(
        422, "Invalid", $"{Full(resource)} \"{name}\" is invalid: {what}", Details(resource, name));

    public static ApiRefusal Forbidden(string verb, string resource, string ns) => new(
        403, "Forbidden",
        $"{Full(resource)} is forbidden: User \"ada\" cannot {verb} resource \"{resource}\" in API group \"{Group(resource)}\" in the namespace \"{ns}\"",
        new JsonObject { ["group"] = Group(resource), ["kind"] = resource });

    public static ApiRefusal Expired() => new(410, "Expired", "too old resource version: 1 (9)");

    private static string Group(string resource) => resource == "inferenceservices" ? "serving.kserve.io" : "";

    private static string Full(string resource) => resource == "inferenceservices" ? "inferenceservices.serving.kserve.io" : resource;

    private static JsonObject Details(string resource, string name) => new()
    {
        ["name"] = name,
        ["group"] = Group(resource),
        ["kind"] = resource,
    };
}
