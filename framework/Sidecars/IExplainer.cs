using System.Text.Json.Nodes;

namespace Sidecars;

/// <summary>
/// Answers <c>:explain</c> for a model it is attached to (<see cref="SidecarBuilder.UseExplainer"/>), in the place of the
/// model's own Explain. The answer goes to the caller as it is: the model's Postprocess, which is made for predictions,
/// does not see it.
/// </summary>
public interface IExplainer
{
    /// <summary>
    /// What is explained. True: the model with its hooks. The explainer gets the request as it came, and the predictor of
    /// its context is the model itself: every request to it runs through Preprocess, Predict and Postprocess. False: the
    /// predictor behind the model. The request was preprocessed once, and the context's predictor is the model's own.
    /// </summary>
    bool ExplainsHooks { get; }

    /// <summary>A V1 request body to explain, for models that have none of their own (<see cref="Model.Example"/>). Default: null.</summary>
    JsonNode? Example => null;

    /// <summary>Makes the explainer ready. Runs after the model's own loading, before the port opens; what it throws stops the start.</summary>
    ValueTask LoadAsync(CancellationToken cancellation);

    /// <summary>Explains.</summary>
    /// <param name="request">What Preprocess returned, or the request as it came; see <see cref="ExplainsHooks"/>.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="InferenceException">Thrown to refuse the request; its message reaches the caller.</exception>
    ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context);

    /// <summary>Releases what <see cref="LoadAsync"/> took. Runs when the model stops. Default: nothing.</summary>
    ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
