using System.Diagnostics;
using Sidecars.Telemetry;

namespace Sidecars.Pipeline;

/// <summary>
/// The order of the hooks: (1) Preprocess, (2) KServe's check of what it returned, (3) Predict or Explain,
/// (4) Postprocess. Every stage is timed, whether it succeeds or not.
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

        // (1)
        InferRequest prepared;
        long start = Begin(context, Stage.Preprocess, out Activity? activity);
        try
        {
            prepared = await model.PreprocessAsync(request, context).ConfigureAwait(false)
                ?? throw new InvalidOperationException("Preprocess returned null.");
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

        // (3)
        InferResponse answer;
        bool explain = context.Verb == InferenceVerb.Explain;
        start = Begin(context, explain ? Stage.Explain : Stage.Predict, out activity);
        try
        {
            answer = await (explain ? model.ExplainAsync(prepared, context) : model.PredictAsync(prepared, context)).ConfigureAwait(false)
                ?? throw new InvalidOperationException(explain ? "Explain returned null." : "Predict returned null.");
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
            result = await model.PostprocessAsync(answer, context).ConfigureAwait(false)
                ?? throw new InvalidOperationException("Postprocess returned null.");
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
