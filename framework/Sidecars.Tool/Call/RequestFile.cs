using System.Text;
using System.Text.Json.Nodes;
using Sidecars.Protocol;

namespace Sidecars.Tool.Call;

/// <summary>
/// What a user wrote → a request: V1 <c>{"instances": …}</c>, V2 <c>{"inputs": …}</c>, or bare rows <c>[[…], …]</c>. The
/// client brings it into the protocol that is spoken.
/// </summary>
internal static class RequestFile
{
    public static InferRequest Read(string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ToolException($"The input is not JSON: {e.Message}");
        }

        return root switch
        {
            JsonArray rows => InferRequest.FromInstances(rows),
            JsonObject v2 when v2["inputs"] is JsonArray => new InferRequest(WireForm.V2, Encoding.UTF8.GetBytes(text), MediaTypes.Json),
            JsonObject => InferRequest.FromBody(Encoding.UTF8.GetBytes(text)),
            _ => throw new ToolException("The input is {\"instances\": …}, {\"inputs\": …} or an array of rows."),
        };
    }
}
