namespace Sidecars.Testing;

/// <summary>A call as it arrived at a <see cref="ScriptedPredictor"/>. It stays readable after the call is over.</summary>
public sealed class ReceivedCall
{
    internal ReceivedCall(
        PredictorProtocol protocol, InferenceVerb verb, string modelName, string path, IReadOnlyDictionary<string, string> headers, InferRequest request)
    {
        Protocol = protocol;
        Verb = verb;
        ModelName = modelName;
        Path = path;
        Headers = headers;
        Request = request;
    }

    /// <summary>The protocol it came by.</summary>
    public PredictorProtocol Protocol { get; }

    /// <summary>What was asked: a prediction, or over V1 an explanation.</summary>
    public InferenceVerb Verb { get; }

    /// <summary>The model that was asked for.</summary>
    public string ModelName { get; }

    /// <summary>The path, such as <c>/v1/models/m:predict</c> or <c>/inference.GRPCInferenceService/ModelInfer</c>.</summary>
    public string Path { get; }

    /// <summary>The headers or gRPC metadata that came along. Names are found in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The payload: as bytes (<see cref="InferMessage.Body"/>), as tensors or as JSON.</summary>
    public InferRequest Request { get; }

    /// <summary>The time limit the call carried (gRPC, and calls within the process); null for none.</summary>
    public TimeSpan? Timeout { get; internal init; }
}
