using System.Text;

namespace Sidecars.Management.Api;

/// <summary>One request to the API server.</summary>
/// <param name="Verb">What it does, as roles name it: get, list, watch, create, update, patch, delete.</param>
/// <param name="Resource">To what: <c>inferenceservices</c>, <c>pods</c>, <c>events</c>.</param>
/// <param name="Namespace">Where.</param>
internal sealed record ApiCall(string Verb, string Resource, string Namespace)
{
    public const string Group = "serving.kserve.io";

    public const string InferenceServices = "inferenceservices";

    /// <summary>The object; null for the whole collection.</summary>
    public string? Name { get; init; }

    /// <summary>What of the object: <c>log</c>; null for itself.</summary>
    public string? Part { get; init; }

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>The resource with its group, as roles and messages name it.</summary>
    public string FullResource => (Resource == InferenceServices ? $"{Resource}.{Group}" : Resource) + (Part is null ? "" : "/" + Part);

    public HttpMethod Method => Verb switch
    {
        "create" => HttpMethod.Post,
        "update" => HttpMethod.Put,
        "patch" => HttpMethod.Patch,
        "delete" => HttpMethod.Delete,
        _ => HttpMethod.Get,
    };

    public string Path
    {
        get
        {
            var path = new StringBuilder(Resource == InferenceServices ? $"apis/{Group}/v1beta1" : "api/v1");
            path.Append("/namespaces/").Append(Uri.EscapeDataString(Namespace)).Append('/').Append(Resource);
            if (Name is not null)
            {
                path.Append('/').Append(Uri.EscapeDataString(Name));
            }

            if (Part is not null)
            {
                path.Append('/').Append(Part);
            }

            char separator = '?';
            foreach ((string name, string value) in Query)
            {
                path.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }

            return path.ToString();
        }
    }
}
