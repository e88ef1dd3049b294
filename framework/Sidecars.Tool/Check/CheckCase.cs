using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>One thing to ask a server, and what to expect. The cases are data: <c>cases.json</c>.</summary>
internal sealed record CheckCase
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public required string Id { get; init; }

    /// <summary><c>server</c>, <c>v1</c>, <c>v2</c> or <c>grpc</c>.</summary>
    public required string Group { get; init; }

    public required string Title { get; init; }

    /// <summary>Why it matters.</summary>
    public required string Why { get; init; }

    /// <summary>What there must be to ask: <c>model</c>, <c>inputs</c>, <c>v1body</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public CheckSend? Send { get; init; }

    public CheckCall? Call { get; init; }

    /// <summary>What clients and the platform rely on.</summary>
    public CheckExpectation? Must { get; init; }

    /// <summary>What KServe's own server does, and some client may have come to expect.</summary>
    public CheckExpectation? Should { get; init; }

    public static IReadOnlyList<CheckCase> LoadAll()
    {
        using Stream stream = typeof(CheckCase).Assembly.GetManifestResourceStream("cases.json")!;
        return JsonSerializer.Deserialize<List<CheckCase>>(stream, s_options)!;
    }
}

/// <summary>A REST request. A body is JSON, a text, or <c>@name</c> of one made from the model's metadata.</summary>
internal sealed record CheckSend(string Method, string Path, JsonNode? Body = null, IReadOnlyDictionary<string, string>? Headers = null);

/// <summary>A gRPC call.</summary>
internal sealed record CheckCall(string Rpc, string? Model = null, JsonNode? Body = null);

/// <summary>What is expected: one of these statuses, this content type, a body of this form.</summary>
internal sealed record CheckExpectation(
    IReadOnlyList<int>? Status = null, IReadOnlyList<int>? Grpc = null, string? ContentType = null, JsonNode? Body = null);
