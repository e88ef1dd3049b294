using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Sidecars.Management.Api;

/// <summary>The Status object in the body of an error; null when the body is something else, such as a proxy's page.</summary>
internal static class ApiStatus
{
    public static V1Status? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            V1Status? status = JsonSerializer.Deserialize<V1Status>(ref reader);
            return status?.Kind == "Status" ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What an answer that is no Status says: its beginning.</summary>
    public static string Text(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body).Trim();
        return text.Length switch
        {
            0 => "(no text)",
            > 300 => text[..300] + "…",
            _ => text,
        };
    }
}
