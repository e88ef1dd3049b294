using System.Diagnostics;
using Sidecars.Explainers.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers;

/// <summary>
/// Scores with an ONNX model in this process. One session serves all callers; rows are used where they are.
/// </summary>
/// <remarks>
/// The scores are the output that options name, else the graph's first of floats, else its labels. What they are is
/// decided once, at the start: by options; by the operator that makes them (a softmax or a sigmoid gives probabilities,
/// a regressor values, a classifier with a post-transform probabilities); else by the model's answers to rows of zeros
/// and ones: see <see cref="ScoreKind"/>.
/// </remarks>
public sealed class OnnxScorer : ICoalitionScorer, IDisposable
{
    // What a processor's cache still holds of the layers between; found by measuring the kit's models (0.32 us a row, 0.50 in one run of 204 800).
    private const int RowsOnCpu = 8192;
    private const int RowsOnGpu = 262_144;

    private readonly OnnxModel _model;
    private readonly OnnxModel? _owned;
    private readonly RowInputs _inputs;
    private readonly ScoreOutput _output;
    private readonly int _maxRows;
    private readonly BindingPool _bindings;
    private readonly ScoreKind _kind;
    private readonly ComposedGames? _games;
    private long[]? _shape;

    /// <summary>Takes a model; it stays the caller's to release.</summary>
    /// <param name="model">A model of one input [n, features], or of several that make up a row.</param>
    /// <param name="features">How many features a row has.</param>
    /// <param name="options">What is not to be found out; null for nothing.</param>
    /// <exception cref="SidecarConfigurationException">Rows of so many numbers cannot be given to the model, or its answers are no scores.</exception>
    public OnnxScorer(OnnxModel model, int features, OnnxScorerOptions? options = null)
        : this(model, features, names: null, classes: null, options ?? new OnnxScorerOptions())
    {
    }

    /// <summary>Takes a model; it stays the caller's to release.</summary>
    /// <param name="model">A model of one input [n, features], or of several that make up a row.</param>
    /// <param name="schema">The columns of a row and the classes: inputs for single features are found by name.</param>
    /// <param name="options">What is not to be found out; null for nothing.</param>
    /// <exception cref="SidecarConfigurationException">Rows of these columns cannot be given to the model, or its answers are no scores.</exception>
    public OnnxScorer(OnnxModel model, TabularSchema schema, OnnxScorerOptions? options = null)
        : this(model, schema.Features.Count, [.. schema.Features.Select(static f => f.Name)], schema.Classes, options ?? new OnnxScorerOptions())
    {
    }

    private OnnxScorer(
        OnnxModel model, int features, IReadOnlyList<string>? names, IReadOnlyList<string>? classes, OnnxScorerOptions options)
    {
        if (options.MaxRows < 1)
        {
            throw new SidecarConfigurationException($"OnnxScorerOptions.MaxRows is {options.MaxRows}; allowed: 1 and above, or null.");
        }

        _inputs = RowInputs.Plan(model.Path, model.Inputs, features, names);
        OnnxGraph? graph = OnnxGraph.TryRead(model.Path);
        _output = ScoreOutput.Choose(model, graph, options.Output, classes);
        _model = model;
        bool classifies = classes is not null || model.Outputs.Any(static o => o.Datatype is Datatype.INT64 or Datatype.BYTES);
        ScoreKind? kind = options.Kind ?? (_output.IsFloat ? graph?.KindOf(_output.Metadata.Name) : ScoreKind.Label);
        if (graph?.BeforeZipMap(_output.Metadata.Name) is { } tensor)
        {
            // A map for every row costs more than the model itself.
            _model = _owned = model.WithGraph(graph.WithOutput(tensor));
            _output = new ScoreOutput(0, _owned.Outputs[0], _output.Labels);
        }

        _maxRows = _inputs.FixedRows ?? options.MaxRows ?? (model.Device == OnnxDevice.Cpu ? RowsOnCpu : RowsOnGpu);
        _bindings = new BindingPool(_model);
        double[] probe = Probe(out int outputs);
        _kind = kind ?? ScoreKinds.Of(probe, outputs, classifies);
        if (classes is { Count: var count } && outputs > 1 && outputs != count && _kind is ScoreKind.Probability or ScoreKind.Margin)
        {
            throw new SidecarConfigurationException($"{model.Path} scores {outputs} classes; {count} are named: {string.Join(", ", classes)}.");
        }

        _games = options.GameInGraph ?? model.Device != OnnxDevice.Cpu
            ? Compose(graph, outputs, canCompose: probe.Length > 0, required: options.GameInGraph == true)
            : null;
    }

    /// <inheritdoc/>
    public int Features => _inputs.Features;

    /// <summary>What the scores are.</summary>
    public ScoreKind Kind => _kind;

    bool ICoalitionScorer.ScoresCoalitions => _games is not null;

    /// <summary>The games inside the graph; null where they are not played there.</summary>
    internal ComposedGames? Games => _games;

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        var scores = new ScoreBuffer(count);
        for (int from = 0; from < count; from += _maxRows)
        {
            int some = Math.Min(_maxRows, count - from);
            Run(rows.Slice(from * Features, some * Features), some, from, scores, cancellation);
        }

        return new(new Scores(scores.Values, scores.Outputs, _kind));
    }

    ValueTask<Scores> ICoalitionScorer.ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation) =>
        _games is null
            ? throw new NotSupportedException("The game is not part of this graph.")
            : new(new Scores(_games.For(background).Play(row, coalitions, cancellation), _games.Outputs, _kind));

    /// <summary>Gives back the memory of runs. The model stays.</summary>
    public void Dispose()
    {
        _games?.Dispose();
        _bindings.Dispose();
        _owned?.Dispose();
    }

    /// <summary>Builds the game around the graph once, with one row for background: whether it can be is known at the start.</summary>
    private ComposedGames? Compose(OnnxGraph? graph, int outputs, bool canCompose, bool required)
    {
        string? reason = graph is null ? "its file cannot be read"
            : !canCompose ? "it does not take rows of zeros and ones, which tell how many scores it gives"
            : !_output.IsFloat || _kind == ScoreKind.Label ? "it gives labels"
            : !KernelShapGraph.CanCompose(graph.Model, _inputs) ? "it takes a fixed number of rows, or operators older than ONNX 1.4"
            : null;
        if (reason is null)
        {
            var games = new ComposedGames(_model, graph!.Model, _inputs, _output.Metadata.Name, outputs, _maxRows);
            try
            {
                using ComposedGame trial = games.Create(Background.Uniform(new TabularData(new float[Features], Features)), projected: null);
                trial.Play(new float[Features], new CoalitionSet(Features, new byte[Features]), CancellationToken.None);
                return games;
            }
            catch (Exception e) when (e is SidecarConfigurationException or InferenceException)
            {
                reason = e.Message;
            }
        }

        return required
            ? throw new SidecarConfigurationException($"The game of Shapley values cannot be part of the graph of {_model.Path}: {reason}.")
            : null;
    }

    /// <summary>Answers to rows that any model should take: zeros, ones, and both in turn. What fails is left out.</summary>
    private double[] Probe(out int outputs)
    {
        outputs = 1;
        List<double> all = [];
        float[] row = new float[Features];
        foreach (int pattern in (int[])[0b00, 0b11, 0b01, 0b10])
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (pattern >> (i & 1)) & 1;
            }

            try
            {
                var scores = new ScoreBuffer(1);
                Run(row, 1, 0, scores, CancellationToken.None);
                if (scores.Values.All(double.IsFinite))
                {
                    all.AddRange(scores.Values);
                    outputs = scores.Outputs;
                }
            }
            catch (InferenceException)
            {
                // A category that is none, for example. The first real call will tell.
            }
        }

        return [.. all];
    }

    /// <summary>Scores the rows of one run, and puts the scores where they belong among all.</summary>
    private void Run(ReadOnlyMemory<float> rows, int count, int from, ScoreBuffer scores, CancellationToken cancellation)
    {
        int size = _inputs.FixedRows ?? count;
        if (size != count)
        {
            float[] padded = new float[size * Features];
            rows.CopyTo(padded);
            rows = padded;
        }

        if (_output.IsText)
        {
            Tensor labels = _model.Run(_inputs.ToTensors(rows.Span, size), [_output.Metadata.Name], cancellation)[0];
            _output.Read(labels, scores.Take(from, count, Width(labels.Count, size)));
            return;
        }

        OnnxBinding binding = _bindings.Rent();
        try
        {
            _inputs.Bind(binding, rows, size);
            _output.Ask(binding, _shape is { } known ? [size, .. known.AsSpan(1)] : null);
            long start = Stopwatch.GetTimestamp();
            binding.Run(cancellation);
            ScorerMeter.Count("onnx", size, start);
            IReadOnlyList<long> shape = binding.OutputShape(_output.Index);
            _output.Read(binding, scores.Take(from, count, Width(shape.Aggregate(1L, static (all, d) => all * d), size)));
            if (_shape is null && shape.Count > 0 && shape[0] == size)
            {
                _shape = [.. shape];
            }
        }
        finally
        {
            _bindings.Return(binding);
        }
    }

    private int Width(long scores, int rows) =>
        scores > 0 && scores % rows == 0 ? (int)(scores / rows)
        : throw InferenceException.InferenceError($"the model's output '{_output.Metadata.Name}' has {scores} numbers for {rows} rows");
}
