using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>
/// What a caller may know of a run that failed. The runtime's text names nodes, files and addresses; it is kept for the
/// log.
/// </summary>
internal static class RunErrors
{
    private const string Prefix = "[ErrorCode:";

    public static InferenceException Translate(OnnxRuntimeException e)
    {
        string code = Code(e.Message);
        return code == "InvalidArgument"
            ? new InferenceException(ErrorKind.InvalidInput, "the model does not take inputs of these shapes together", e)
            : new InferenceException(ErrorKind.InferenceError, $"the model failed on this input ({code})", e);
    }

    /// <summary>The word in front of the runtime's messages: "[ErrorCode:RuntimeException] …".</summary>
    private static string Code(string message)
    {
        int end = message.IndexOf(']', StringComparison.Ordinal);
        return message.StartsWith(Prefix, StringComparison.Ordinal) && end > 0 ? message[Prefix.Length..end] : "Fail";
    }
}
