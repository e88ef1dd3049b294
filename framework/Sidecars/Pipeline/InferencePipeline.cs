using System.Diagnostics;
using Sidecars.Telemetry;

namespace Sidecars.Pipeline;

/// <summary>
/// The order of the hooks: (1) Preprocess, (2) KServe's check of what it returned, (3) Predict or Explain,
/// (4) Postprocess. Every stage is timed, whether it succeeds or not. An explainer that is attached to the model stands in
/// the place of (3) and (4), or of all four when it explains the hooks as well.
/// </summary>
internal static class InferencePipeline
{
    public static async ValueTask<InferResponse> RunAsync(RegisteredModel registered, InferRequest request, InferenceContext context)
    {
        Model model = registered.Model;
        context.Arrived = request;
        request.TargetModel = registered.Name;
        request.Declared = registered.DeclaredInputs;
        context.Payloads.Add(request);

        if (context.Verb == InferenceVerb.Explain && registered.Explainer is { ExplainsHooks: true } whole)
        {
            return await ExplainAsync(whole, registered, request, context.WithPredictor(new ModelPredictor(registered, context)), context)
                .ConfigureAwait(false);
        }

        // (1)
        InferRequest prepared;
        long start = Begin(context, Stage.Preprocess, out Activity? activity);
        try
        {
            prepared = NotNull(await model.PreprocessAsync(request, context).ConfigureAwait(false), Stage.Preprocess);
        }
        finally
        {
            context.Times.Preprocess = End(registered.Preprocess, start, activity);
        }

        context.Payloads.Add(prepared);
        prepared.TargetModel ??= registered.Name;
        prepared.IdFrom ??= ReferenceEquals(prepared, request) ? null : request;

        // (2)
        prepared.ValidateInstances();

        if (context.Verb == InferenceVerb.Explain && registered.Explainer is { } explainer)
        {
            return await ExplainAsync(explainer, registered, prepared, context, context).ConfigureAwait(false);
        }

        // (3)
        InferResponse answer;
        bool explain = context.Verb == InferenceVerb.Explain;
        start = Begin(context, explain ? Stage.Explain : Stage.Predict, out activity);
        try
        {
            answer = NotNull(
                await (explain ? model.ExplainAsync(prepared, context) : model.PredictAsync(prepared, context)).ConfigureAwait(false),
                context.Stage);
        }
        finally
        {
            double seconds = End(explain ? registered.Explain : registered.Predict, start, activity);
            if (explain)
            {
                context.Times.Explain = seconds;
            }
            else
            {
                context.Times.Predict = seconds;
            }
        }

        context.Payloads.Add(answer);
        answer.TargetModel ??= registered.Name;

        // (4)
        InferResponse result;
        start = Begin(context, Stage.Postprocess, out activity);
        try
        {
            result = NotNull(await model.PostprocessAsync(answer, context).ConfigureAwait(false), Stage.Postprocess);
        }
        finally
        {
            context.Times.Postprocess = End(registered.Postprocess, start, activity);
        }

        context.Payloads.Add(result);
        result.Declared ??= registered.DeclaredOutputs;
        context.Stage = Stage.Encode;
        return result;
    }

    internal static T NotNull<T>(T? payload, Stage stage) where T : InferMessage =>
        payload ?? throw new InvalidOperationException($"{stage} returned null.");

    private static async ValueTask<InferResponse> ExplainAsync(
        IExplainer explainer, RegisteredModel registered, InferRequest request, InferenceContext seen, InferenceContext context)
    {
        long start = Begin(context, Stage.Explain, out Activity? activity);
        try
        {
            InferResponse answer = NotNull(await explainer.ExplainAsync(request, seen).ConfigureAwait(false), Stage.Explain);
            context.Payloads.Add(answer);
            context.Stage = Stage.Encode;
            return answer;
        }
        finally
        {
            context.Times.Explain = End(registered.Explain, start, activity);
        }
    }

    internal static long Begin(InferenceContext context, Stage stage, out Activity? activity)
    {
        context.Stage = stage;
        activity = SidecarActivitySource.Source.HasListeners()
            ? SidecarActivitySource.Source.StartActivity(stage switch
            {
                Stage.Preprocess => "preprocess",
                Stage.Explain => "explain",
                Stage.Predict => "predict",
                _ => "postprocess",
            })
            : null;
        activity?.SetTag("model_name", context.ModelName);
        return Stopwatch.GetTimestamp();
    }

    internal static double End(StageSeries series, long start, Activity? activity)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        series.Observe(seconds);
        activity?.Dispose();
        return seconds;
    }
}
