namespace Sidecars.Pipeline;

/// <summary>
/// A model with its hooks, as those see it who explain it: a predictor. Each request is a call of its own, without the
/// records of calls that came from outside.
/// </summary>
internal sealed class ModelPredictor(RegisteredModel registered, InferenceContext outer) : IPredictor
{
    public async ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        Model model = registered.Model;
        InferenceContext context = outer.ForInnerCall(cancellation);
        context.Arrived = request;
        request.TargetModel = registered.Name;
        request.Declared = registered.DeclaredInputs;
        InferResponse? result = null;
        try
        {
            InferRequest prepared = InferencePipeline.NotNull(
                await model.PreprocessAsync(request, context).ConfigureAwait(false), Stage.Preprocess);
            context.Payloads.Add(prepared);
            prepared.TargetModel ??= registered.Name;
            prepared.IdFrom ??= ReferenceEquals(prepared, request) ? null : request;
            prepared.ValidateInstances();
            InferResponse answer = InferencePipeline.NotNull(
                await model.PredictAsync(prepared, context).ConfigureAwait(false), Stage.Predict);
            context.Payloads.Add(answer);
            answer.TargetModel ??= registered.Name;
            result = InferencePipeline.NotNull(
                await model.PostprocessAsync(answer, context).ConfigureAwait(false), Stage.Postprocess);
            result.Declared ??= registered.DeclaredOutputs;
            return result;
        }
        finally
        {
            // The answer is the explainer's, and may stand on the memory of what it was made from.
            context.Payloads.HandTo(result, except: request);
        }
    }

    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => outer.Predictor.IsServerReadyAsync(cancellation);

    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(registered.Model.Ready);

    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(new ModelMetadata(registered.Name, "", registered.DeclaredInputs ?? [], registered.DeclaredOutputs ?? []));
}
