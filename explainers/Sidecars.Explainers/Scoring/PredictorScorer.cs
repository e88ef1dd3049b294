using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers;

/// <summary>
/// Scores with whatever answers predictions: a KServe predictor over V1, V2 or gRPC, or one in this process. Rows go in
/// large requests, several at once. One of these is made for every call it works for, and carries that call's headers,
/// deadline and cancellation.
/// </summary>
/// <remarks>
/// Rows are one matrix under the name and with the datatype that the predictor's metadata gives, or one tensor for each
/// feature where it declares as many; without metadata float32. What the answers are is decided by all answers so far
/// together, so that a margin between 0 and 1 is no probability after one that was not: one whole number or text a row are labels; numbers from 0 to 1 that sum to 1 in every row are probabilities,
/// and so is one number from 0 to 1 where classes are named; other numbers are margins where classes are named, and values
/// where not. Say it in <see cref="PredictorScorerOptions.Kind"/> where that is not so. If any request fails, the whole call
/// fails with the predictor's own error, and the other requests are given up.
/// </remarks>
public sealed class PredictorScorer : IScorer
{
    // What alibi's users know from MLServer: such predictions are made for an explanation, and are no traffic to learn from.
    private static readonly KeyValuePair<string, string> s_skipLogging = new("Seldon-Skip-Logging", "true");

    private readonly IPredictor _predictor;
    private readonly Func<PredictorCall> _call;
    private readonly CancellationToken _cancellation;
    private readonly TabularSchema _schema;
    private readonly PredictorScorerOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<ReadOnlyMemory<float>, int, InferRequest>? _write;

    // What the answers have been found not to be.
    private volatile bool _noLabels;
    private volatile bool _noProbabilities;

    /// <summary>Asks the predictor of a call that is being answered, with what that call's own predictions would carry.</summary>
    /// <param name="context">The call.</param>
    /// <param name="schema">The columns of a row, and the classes if there are any.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="SidecarConfigurationException">An option is out of its range.</exception>
    public PredictorScorer(InferenceContext context, TabularSchema schema, PredictorScorerOptions? options = null)
        : this(context.Predictor, context.CreateCall, context.Cancellation, schema, options, time: null)
    {
    }

    /// <summary>The same, with requests of another form: <paramref name="write"/> makes one of so many rows.</summary>
    internal PredictorScorer(
        InferenceContext context, TabularSchema schema, PredictorScorerOptions options, Func<ReadOnlyMemory<float>, int, InferRequest> write)
        : this(context, schema, options) => _write = write;

    /// <summary>Asks a predictor outside of any call.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="call">The model's name there, and what goes along with every request.</param>
    /// <param name="schema">The columns of a row, and the classes if there are any.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="SidecarConfigurationException">An option is out of its range.</exception>
    public PredictorScorer(
        IPredictor predictor, PredictorCall call, TabularSchema schema, PredictorScorerOptions? options = null, TimeProvider? time = null)
        : this(predictor, () => call, CancellationToken.None, schema, options, time)
    {
    }

    private PredictorScorer(
        IPredictor predictor,
        Func<PredictorCall> call,
        CancellationToken cancellation,
        TabularSchema schema,
        PredictorScorerOptions? options,
        TimeProvider? time)
    {
        _predictor = predictor;
        _call = call;
        _cancellation = cancellation;
        _schema = schema;
        _options = (options ?? new PredictorScorerOptions()).Checked();
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public int Features => _schema.Features.Count;

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _cancellation);
        RowInputs? inputs = _write is not null ? null : await PlanAsync(giveUp.Token).ConfigureAwait(false);
        var answers = new PredictorAnswer[(count + _options.MaxRows - 1) / _options.MaxRows];
        ExceptionDispatchInfo? failure = null;
        int next = -1;

        async Task WorkAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < answers.Length; i = Interlocked.Increment(ref next))
            {
                try
                {
                    int from = i * _options.MaxRows, some = Math.Min(_options.MaxRows, count - from);
                    answers[i] = await AskAsync(inputs, rows.Slice(from * Features, some * Features), some, giveUp.Token).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    // The first to fail is the reason; what the others say afterwards is only that they were given up.
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                    await giveUp.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }

        var workers = new Task[Math.Min(_options.Concurrency, answers.Length)];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = WorkAsync();
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
        failure?.Throw();
        return Join(answers, count);
    }

    private async ValueTask<RowInputs?> PlanAsync(CancellationToken cancellation)
    {
        string model = _call().ModelName;
        IReadOnlyList<TensorMetadata> declared = await PredictorInputs.OfAsync(_predictor, model, _time, cancellation).ConfigureAwait(false);
        if (declared is [var only] && RowInputs.IsNumber(only.Datatype))
        {
            // Servers differ in whether a declared shape counts the rows; a matrix is what they all take.
            return RowInputs.Matrix(only, Features);
        }

        try
        {
            return declared.Count == 0
                ? null
                : RowInputs.Plan($"The predictor's model '{model}'", declared, Features, [.. _schema.Features.Select(static f => f.Name)]);
        }
        catch (SidecarConfigurationException e)
        {
            throw new InferenceException(ErrorKind.InferenceError, e.Message, e);
        }
    }

    private async Task<PredictorAnswer> AskAsync(RowInputs? inputs, ReadOnlyMemory<float> rows, int count, CancellationToken cancellation)
    {
        using InferRequest request = _write is not null ? _write(rows, count) : inputs is null
            ? InferRequest.FromRows(rows.ToArray(), Features)
            : InferRequest.FromTensors(inputs.ToTensors(rows.Span, count));
        request.BinaryTensors = _options.BinaryTensors;
        PredictorCall call = _call();
        call = call with { Headers = [.. call.Headers ?? [], s_skipLogging] };
        long start = Stopwatch.GetTimestamp();
        using InferResponse response = await _predictor.InferAsync(request, call, cancellation).ConfigureAwait(false);
        ScorerMeter.Count("predictor", count, start);
        return PredictorAnswer.Read(response, count, _options.Output, _schema.Classes);
    }

    private Scores Join(PredictorAnswer[] answers, int count)
    {
        var scores = new ScoreBuffer(count);
        bool labels = true;
        int from = 0;
        foreach (PredictorAnswer answer in answers)
        {
            int rows = answer.Values.Length / answer.Outputs;
            if (from > 0 && answer.Outputs != scores.Outputs)
            {
                throw new InferenceException(
                    ErrorKind.PredictorBody, $"The predictor answered {scores.Outputs} numbers a row, and then {answer.Outputs}.");
            }

            answer.Values.CopyTo(scores.Take(from, rows, answer.Outputs));
            labels &= answer.AreLabels;
            from += rows;
        }

        return new Scores(scores.Values, scores.Outputs, _options.Kind ?? KindOf(scores, labels));
    }

    private ScoreKind KindOf(ScoreBuffer scores, bool labels)
    {
        _noLabels |= !labels;
        if (!_noLabels)
        {
            return ScoreKind.Label;
        }

        bool classifies = _schema.Classes is not null;
        ScoreKind kind = ScoreKinds.Of(scores.Values, scores.Outputs, classifies);
        _noProbabilities |= kind != ScoreKind.Probability;
        return !_noProbabilities ? kind : classifies ? ScoreKind.Margin : ScoreKind.Value;
    }
}
