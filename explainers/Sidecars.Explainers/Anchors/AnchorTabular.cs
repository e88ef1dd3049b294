using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Progress;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers;

/// <summary>
/// Anchors for tables (Ribeiro, Singh, Guestrin, AAAI 2018): the widest rule around a row under which the model says of
/// nearly all rows what it says of this one. Any number of rows may be explained at once.
/// </summary>
public sealed class AnchorTabular
{
    private readonly TabularSchema _schema;
    private readonly TabularData _train;
    private readonly Discretizer _discretizer;
    private readonly RowIndex _index;
    private readonly TimeProvider _time;

    /// <summary>Prepares the training data.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="train">The training data, at least one row.</param>
    /// <param name="discPerc">The percentiles at which numeric columns are cut; null for the quartiles.</param>
    /// <param name="time">The clock for deadlines; null for the system's.</param>
    /// <exception cref="ArgumentException">The data have no rows, or other columns than the schema.</exception>
    public AnchorTabular(TabularSchema schema, TabularData train, IReadOnlyList<double>? discPerc = null, TimeProvider? time = null)
    {
        if (schema.Features.Count != train.Features || train.Rows == 0)
        {
            throw new ArgumentException($"{train.Rows} rows of {train.Features} columns do not fit {schema.Features.Count} features.", nameof(train));
        }

        _schema = schema;
        _train = train;
        _discretizer = new Discretizer(schema, train, discPerc ?? Discretizer.Quartiles);
        _index = new RowIndex(train);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Explains one row.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="row">The row, one value for each column; a column without a value in it is never part of the rule.</param>
    /// <param name="options">How to search.</param>
    /// <param name="cancellation">Gives up, at the next call of the model.</param>
    /// <returns>The rule, how sure it is, and what it took.</returns>
    /// <exception cref="InferenceException">An option or the row's length is wrong, or the model failed.</exception>
    public async ValueTask<AnchorExplanation> ExplainAsync(
        IScorer scorer, ReadOnlyMemory<float> row, AnchorTabularOptions options, CancellationToken cancellation = default)
    {
        AnchorOptionsCheck.Check(options);
        if (row.Length != _train.Features)
        {
            throw InferenceException.InvalidInput($"the row has {row.Length} values, and the training data {_train.Features} columns");
        }

        long start = _time.GetTimestamp();
        ArmPool pool = new(Conditions.Of(row.Span, _schema, _discretizer, _index), _index.All, options);
        ArmPuller puller = new(_train, scorer, row, options.Seed, cancellation);
        AnchorSearch search = new(
            Rule.Empty(_index.All), pool, puller, options, () => options.Deadline is { } limit && _time.GetElapsedTime(start) >= limit);
        if (options.Progress is { } listener)
        {
            var pace = new ReportPace(_time);
            void Report() => listener.Report(search.Standing());
            puller.Pulled = () => pace.Try(Report);
        }

        (Arm evidence, AnchorStatus status) = await search.RunAsync().ConfigureAwait(false);
        Rule rule = evidence.Rule;
        AnchorPredicate[] predicates = rule.Predicates();
        return new AnchorExplanation
        {
            Instance = row,
            Label = puller.Label,
            Predicates = predicates,
            Names = [.. predicates.Select(p => PredicateNames.Name(p, _schema))],
            Status = status,
            Precision = evidence.Mean,
            PrecisionInterval = PrecisionTest.Interval(evidence.Successes, evidence.Samples, 1 - options.Delta),
            Confidence = 1 - options.Delta,
            Coverage = evidence.Coverage,
            Steps = predicates.Length == 0 ? [] : Steps([.. pool.Prefixes(rule), evidence]),
            BasePrecision = search.Empty.Mean,
            Predictions = puller.Predictions,
        };
    }

    /// <summary>A rule that was never drawn, for want of time, counts as precise as the shorter one before it.</summary>
    private AnchorStep[] Steps(Arm[] arms)
    {
        double known = 0;
        return [.. arms.Select(arm => arm.Step(known = arm.Samples > 0 ? arm.Mean : known, _train))];
    }
}
