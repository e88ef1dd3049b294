using System.Text.Json.Nodes;

namespace Sidecars;

/// <summary>
/// What a transformer or explainer author writes: a subclass that overrides the hooks it needs. A request runs through
/// Preprocess, Predict (or Explain) and Postprocess; every hook that is not overridden passes its payload on untouched.
/// </summary>
/// <remarks>
/// Each hook has a plain form for work that only computes and an async form for work that waits; override one of the
/// two. One instance serves all requests at once, so hooks must not keep a request's data in fields:
/// <see cref="InferenceContext.Items"/> carries data from hook to hook. Constructor parameters come from the
/// application's services.
/// </remarks>
public abstract class Model
{
    private string? _name;

    /// <summary>
    /// The name in URLs and towards the predictor. Default: the name it was registered under, or <c>--model_name</c>.
    /// </summary>
    public virtual string Name => _name ?? throw new InvalidOperationException("The model has no name before it is registered.");

    /// <summary>
    /// Whether requests are taken; a request to a model that is not ready answers 503. <see cref="LoadAsync"/>'s
    /// default sets it; a model may withdraw it at any time.
    /// </summary>
    public bool Ready { get; protected set; }

    /// <summary>
    /// The inputs that callers see in the metadata. They also name and type the tensors that V1 rows become
    /// (<see cref="InferRequest.Inputs"/>). Default: none, and V1 numbers become FP32.
    /// </summary>
    public virtual IReadOnlyList<TensorMetadata> Inputs => [];

    /// <summary>The outputs that callers see in the metadata. Default: none.</summary>
    public virtual IReadOnlyList<TensorMetadata> Outputs => [];

    /// <summary>
    /// A V1 request body the model can answer, <c>{"instances": […]}</c>: shown on the start page and in the OpenAPI
    /// description. Default: null, and one is made of <see cref="Inputs"/>, with zeros and "text" for values.
    /// </summary>
    public virtual JsonNode? Example => null;

    /// <summary>Whether one of the forms of Explain is overridden; else <c>:explain</c> answers 501.</summary>
    internal bool Explains => IsOverridden(Explain) || IsOverridden(ExplainAsync);

    internal string? RegisteredName
    {
        get => _name;
        set => _name = value;
    }

    /// <summary>
    /// Makes the model ready: reads files, warms up. Runs once before the port opens, and again when the repository
    /// API loads the model anew. The default only sets <see cref="Ready"/>; an override sets it itself, and a model
    /// that leaves it false is registered but answers 503.
    /// </summary>
    protected internal virtual ValueTask LoadAsync(CancellationToken cancellation)
    {
        Ready = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Releases what <see cref="LoadAsync"/> took. Runs when the process stops and when the model is unloaded.</summary>
    protected internal virtual ValueTask StopAsync(CancellationToken cancellation)
    {
        Ready = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Turns the caller's request into the predictor's. Default: the request itself.</summary>
    /// <exception cref="InferenceException">Thrown to refuse the request; its message reaches the caller.</exception>
    protected virtual InferRequest Preprocess(InferRequest request, InferenceContext context) => request;

    /// <summary>The form of <see cref="Preprocess"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<InferRequest> PreprocessAsync(InferRequest request, InferenceContext context) =>
        new(Preprocess(request, context));

    /// <summary>Gets the prediction. Default: asks <see cref="InferenceContext.Predictor"/>.</summary>
    protected internal virtual ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
        context.PredictAsync(request);

    /// <summary>Turns the predictor's answer into the caller's. Runs after Explain as well. Default: the answer itself.</summary>
    protected virtual InferResponse Postprocess(InferResponse response, InferenceContext context) => response;

    /// <summary>The form of <see cref="Postprocess"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<InferResponse> PostprocessAsync(InferResponse response, InferenceContext context) =>
        new(Postprocess(response, context));

    /// <summary>Answers <c>:explain</c>. Default: 501.</summary>
    protected virtual InferResponse Explain(InferRequest request, InferenceContext context) =>
        throw InferenceException.NotImplemented("Could not find explainer_host.");

    /// <summary>The form of <see cref="Explain"/> for work that waits. Default: calls it.</summary>
    protected internal virtual ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context) =>
        new(Explain(request, context));

    /// <summary>A delegate of a virtual method knows the override it calls, in native code too; nothing is looked up by name.</summary>
    private static bool IsOverridden(Delegate hook) => hook.Method.DeclaringType != typeof(Model);
}
