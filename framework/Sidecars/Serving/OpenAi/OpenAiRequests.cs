using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Pipeline;

namespace Sidecars.Serving;

/// <summary>
/// What a request must have for us to take it: a model to choose by, messages that hooks can walk. The rest is between
/// caller and predictor.
/// </summary>
internal static class OpenAiRequests
{
    public static string ModelOf(JsonObject request) =>
        request["model"] is { } model && model.GetValueKind() == JsonValueKind.String && (string)model! is { Length: > 0 } name
            ? name
            : throw Invalid("model", "'model' must be the name of a model.");

    public static void Check(JsonObject request, OpenAiOperation operation)
    {
        if (operation == OpenAiOperation.ChatCompletion && request["messages"] is not JsonArray)
        {
            throw Invalid("messages", "'messages' must be a list.");
        }

        if (operation.CanStream() && request["stream"] is { } stream
            && stream.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw Invalid("stream", "'stream' must be true or false.");
        }
    }

    private static InferenceException Invalid(string parameter, string message) =>
        new(ErrorKind.InvalidInput, message) { Parameter = parameter };
}
