using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>What a server answered.</summary>
internal sealed record CheckAnswer
{
    private const int MaxText = 200;

    /// <summary>The HTTP status, or gRPC's; null when there was no answer.</summary>
    public int? Status { get; init; }

    public bool IsGrpc { get; init; }

    public string? ContentType { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>Why there was none.</summary>
    public string? NoAnswer { get; init; }

    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return Body.Length == 0 ? null : JsonNode.Parse(Body);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public override string ToString()
    {
        if (NoAnswer is not null)
        {
            return NoAnswer;
        }

        string text = Encoding.UTF8.GetString(Body).ReplaceLineEndings(" ");
        return $"{(IsGrpc ? "gRPC status" : "status")} {Status}{(ContentType is null ? "" : $", {ContentType}")}"
            + (text.Length == 0 ? ", no body" : $": {(text.Length > MaxText ? text[..MaxText] + "…" : text)}");
    }
}
