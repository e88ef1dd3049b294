using System.Runtime.CompilerServices;

namespace Sidecars.Testing;

/// <summary>
/// What a <see cref="ScriptedPredictor"/> does with one call: one of the static methods says what, the others add when
/// and how. A step is never changed; each method returns a new one.
/// </summary>
public sealed class PredictorStep
{
    private PredictorStep()
    {
    }

    internal Func<ReceivedCall, InferResponse>? Respond { get; private init; }

    internal PredictorFault? Breaks { get; private init; }

    internal (int Http, int Grpc, string Text)? Refuses { get; private init; }

    internal (ReadOnlyMemory<byte> Body, string ContentType)? Bytes { get; private init; }

    internal Func<ReceivedCall, PredictorStep>? Chooses { get; private init; }

    internal TimeSpan Delay { get; private set; }

    internal Task? Release { get; private set; }

    internal int Chunks { get; private set; } = 1;

    internal Func<ReceivedCall, bool>? Expectation { get; private set; }

    internal string? ExpectationText { get; private set; }

    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; private set; } = [];

    /// <summary>Answers with what the function makes of the call, in the protocol of the call.</summary>
    public static PredictorStep Answer(Func<ReceivedCall, InferResponse> respond) => new() { Respond = respond };

    /// <summary>Answers with these tensors; V1 callers get them as predictions.</summary>
    public static PredictorStep Answer(params IReadOnlyList<Tensor> outputs) => Answer(_ => InferResponse.FromTensors(outputs));

    /// <summary>Refuses: <c>{"error": …}</c> under an HTTP status, or a gRPC status with the text as its detail.</summary>
    /// <param name="httpStatus">The status for REST.</param>
    /// <param name="error">The text.</param>
    /// <param name="grpcStatus">The code for gRPC; null for the one that goes with the HTTP status.</param>
    public static PredictorStep Status(int httpStatus, string error, int? grpcStatus = null) =>
        new() { Refuses = (httpStatus, grpcStatus ?? GrpcFor(httpStatus), error) };

    /// <summary>Answers 200 with these bytes, whatever they are. Over gRPC they are the message.</summary>
    public static PredictorStep Raw(ReadOnlyMemory<byte> body, string contentType = "application/json") => new() { Bytes = (body, contentType) };

    /// <summary>Does what the function chooses for the call.</summary>
    public static PredictorStep Choose(Func<ReceivedCall, PredictorStep> choose) => new() { Chooses = choose };

    /// <summary>Breaks.</summary>
    public static PredictorStep Fault(PredictorFault fault) => new() { Breaks = fault };

    /// <summary>Waits before it does so, by the predictor's clock.</summary>
    public PredictorStep After(TimeSpan delay) => With(s => s.Delay = delay);

    /// <summary>Waits until the task is done: the test says when.</summary>
    public PredictorStep Until(Task release) => With(s => s.Release = release);

    /// <summary>Sends the body in so many parts, each of them flushed.</summary>
    public PredictorStep InChunks(int count) => With(s => s.Chunks = Math.Max(count, 1));

    /// <summary>Adds a response header, or response metadata over gRPC.</summary>
    public PredictorStep WithHeader(string name, string value) => With(s => s.Headers = [.. s.Headers, new(name, value)]);

    /// <summary>
    /// Expects something of the call. One that does not meet it is answered 500, and
    /// <see cref="ScriptedPredictor.AssertFinished"/> throws.
    /// </summary>
    /// <param name="expectation">What the call must be.</param>
    /// <param name="text">How a failure names it; the expression itself unless given.</param>
    public PredictorStep Expecting(
        Func<ReceivedCall, bool> expectation, [CallerArgumentExpression(nameof(expectation))] string? text = null) =>
        With(s => (s.Expectation, s.ExpectationText) = (expectation, text));

    private PredictorStep With(Action<PredictorStep> change)
    {
        var copy = (PredictorStep)MemberwiseClone();
        change(copy);
        return copy;
    }

    private static int GrpcFor(int httpStatus) => httpStatus switch
    {
        400 => 3, // INVALID_ARGUMENT
        401 => 16, // UNAUTHENTICATED
        403 => 7, // PERMISSION_DENIED
        404 => 5, // NOT_FOUND
        429 => 8, // RESOURCE_EXHAUSTED
        501 => 12, // UNIMPLEMENTED
        503 => 14, // UNAVAILABLE
        504 => 4, // DEADLINE_EXCEEDED
        _ => 13, // INTERNAL
    };
}
