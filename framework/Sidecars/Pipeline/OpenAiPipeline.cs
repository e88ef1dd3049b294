using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Predictor;

namespace Sidecars.Pipeline;

/// <summary>
/// The order of the hooks on the OpenAI routes: (1) the model's name towards the predictor, (2) Preprocess, (3) the
/// predictor, (4) Postprocess, of the whole answer or of every chunk. Stages are timed as for the other protocols.
/// </summary>
internal static class OpenAiPipeline
{
    /// <summary>Runs one call.</summary>
    /// <param name="registered">An <see cref="OpenAIProxyModel"/>.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">The caller's request.</param>
    /// <param name="context">The call.</param>
    /// <param name="client">Calls the predictor.</param>
    /// <param name="send">Sends one chunk to the caller.</param>
    /// <returns>The answer; null when it was streamed, and is complete.</returns>
    public static async ValueTask<JsonObject?> RunAsync(
        RegisteredModel registered,
        OpenAiOperation operation,
        JsonObject request,
        InferenceContext context,
        OpenAiClient client,
        Func<JsonObject, ValueTask> send)
    {
        var model = (OpenAIProxyModel)registered.Model;

        // (1)
        if ((string?)request["model"] != context.PredictorModelName)
        {
            request["model"] = context.PredictorModelName;
        }

        // (2)
        JsonObject prepared;
        long start = InferencePipeline.Begin(context, Stage.Preprocess, out Activity? activity);
        try
        {
            prepared = await PreprocessAsync(model, operation, request, context).ConfigureAwait(false)
                ?? throw new InvalidOperationException("Preprocess returned null.");
        }
        finally
        {
            context.Times.Preprocess = InferencePipeline.End(registered.Preprocess, start, activity);
        }

        if (operation.CanStream() && prepared["stream"]?.GetValueKind() == JsonValueKind.True)
        {
            await StreamAsync(registered, operation, prepared, context, client, send).ConfigureAwait(false);
            return null;
        }

        // (3)
        JsonObject answer;
        start = InferencePipeline.Begin(context, Stage.Predict, out activity);
        try
        {
            answer = await client.SendAsync(Call(model, operation, prepared, context, client), context.Cancellation).ConfigureAwait(false);
        }
        finally
        {
            context.Times.Predict = InferencePipeline.End(registered.Predict, start, activity);
        }

        // (4)
        start = InferencePipeline.Begin(context, Stage.Postprocess, out activity);
        try
        {
            answer = await PostprocessAsync(model, operation, answer, context).ConfigureAwait(false)
                ?? throw new InvalidOperationException("Postprocess returned null.");
        }
        finally
        {
            context.Times.Postprocess = InferencePipeline.End(registered.Postprocess, start, activity);
        }

        context.Stage = Stage.Encode;
        return answer;
    }

    public static bool CanStream(this OpenAiOperation operation) => operation is OpenAiOperation.Completion or OpenAiOperation.ChatCompletion;

    /// <summary>(3) and (4) by turns. Predict is the time spent waiting for chunks, Postprocess that in the hook.</summary>
    private static async ValueTask StreamAsync(
        RegisteredModel registered,
        OpenAiOperation operation,
        JsonObject prepared,
        InferenceContext context,
        OpenAiClient client,
        Func<JsonObject, ValueTask> send)
    {
        var model = (OpenAIProxyModel)registered.Model;
        long start = InferencePipeline.Begin(context, Stage.Predict, out Activity? activity);
        long inHook = 0, sending = 0;
        bool anyHook = false;
        try
        {
            using OpenAiStream stream =
                await client.StreamAsync(Call(model, operation, prepared, context, client), context.Cancellation).ConfigureAwait(false);
            while (await stream.NextAsync().ConfigureAwait(false) is { } chunk)
            {
                context.Stage = Stage.Postprocess;
                anyHook = true;
                long before = Stopwatch.GetTimestamp();
                JsonObject? changed;
                try
                {
                    changed = await PostprocessChunkAsync(model, operation, chunk, context).ConfigureAwait(false);
                }
                finally
                {
                    inHook += Stopwatch.GetTimestamp() - before;
                }

                context.Stage = Stage.Encode;
                before = Stopwatch.GetTimestamp();
                if (changed is not null)
                {
                    await send(changed).ConfigureAwait(false);
                }

                sending += Stopwatch.GetTimestamp() - before;
                context.Stage = Stage.Predict;
            }

            context.Stage = Stage.Encode;
        }
        finally
        {
            context.Times.Predict = InferencePipeline.End(registered.Predict, start + inHook + sending, activity);
            if (anyHook)
            {
                context.Times.Postprocess = Stopwatch.GetElapsedTime(0, inHook).TotalSeconds;
                registered.Postprocess.Observe(context.Times.Postprocess);
            }
        }
    }

    private static OpenAiCall Call(
        OpenAIProxyModel model, OpenAiOperation operation, JsonObject prepared, InferenceContext context, OpenAiClient client) =>
        new(client.AddressOf(model.PredictorUrl), PathOf(operation), prepared, context.OutgoingHeaders());

    private static string PathOf(OpenAiOperation operation) => operation switch
    {
        OpenAiOperation.Completion => "v1/completions",
        OpenAiOperation.ChatCompletion => "v1/chat/completions",
        OpenAiOperation.Embedding => "v1/embeddings",
        _ => "v1/rerank",
    };

    private static ValueTask<JsonObject> PreprocessAsync(
        OpenAIProxyModel model, OpenAiOperation operation, JsonObject request, InferenceContext context) => operation switch
    {
        OpenAiOperation.Completion => model.PreprocessCompletionRequestAsync(request, context),
        OpenAiOperation.ChatCompletion => model.PreprocessChatCompletionRequestAsync(request, context),
        OpenAiOperation.Embedding => model.PreprocessEmbeddingRequestAsync(request, context),
        _ => model.PreprocessRerankRequestAsync(request, context),
    };

    private static ValueTask<JsonObject> PostprocessAsync(
        OpenAIProxyModel model, OpenAiOperation operation, JsonObject answer, InferenceContext context) => operation switch
    {
        OpenAiOperation.Completion => model.PostprocessCompletionAsync(answer, context),
        OpenAiOperation.ChatCompletion => model.PostprocessChatCompletionAsync(answer, context),
        OpenAiOperation.Embedding => model.PostprocessEmbeddingAsync(answer, context),
        _ => model.PostprocessRerankAsync(answer, context),
    };

    private static ValueTask<JsonObject?> PostprocessChunkAsync(
        OpenAIProxyModel model, OpenAiOperation operation, JsonObject chunk, InferenceContext context) =>
        operation == OpenAiOperation.Completion
            ? model.PostprocessCompletionChunkAsync(chunk, context)
            : model.PostprocessChatCompletionChunkAsync(chunk, context);
}
