using System.Text.Json.Nodes;

namespace Sidecars.Tests.Serving.Events;

/// <summary>A model whose Explain is the test's own.</summary>
internal sealed class WatchedModel(Func<InferenceContext, ValueTask<InferResponse>> explain) : Model
{
    public static InferResponse Sum => InferResponse.FromJson(new JsonObject { ["sum"] = 3 });

    protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
    {
        context.Progress?.Report(new ExplainProgress("a prediction has none"));
        return new(InferResponse.FromJson(new JsonObject { ["predictions"] = new JsonArray(1) }));
    }

    protected internal override ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context) => explain(context);
}
