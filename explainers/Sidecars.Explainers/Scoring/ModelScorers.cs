using Sidecars.Explainers.Graphs;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Finds the fastest scorer for an ONNX file: trees and linear models are read from the file and computed here, all others
/// run in ONNX Runtime. A reading is only trusted after it has given ONNX Runtime's own answers to some rows.
/// </summary>
internal static class ModelScorers
{
    // Far above the rounding of float32 sums, far below what a misread model would be off by.
    private const double Tolerance = 1e-4;
    private const int ProbeRows = 64;

    /// <summary>Makes a scorer.</summary>
    /// <param name="model">The model; it stays the caller's to release, after the scorer.</param>
    /// <param name="schema">The columns of a row and the classes.</param>
    /// <param name="options">What is not to be found out; null for nothing.</param>
    /// <param name="data">Rows as the model will see them, of which some are scored both ways; null for none.</param>
    /// <returns>A scorer; one that is <see cref="IDisposable"/> holds memory of runs.</returns>
    /// <exception cref="SidecarConfigurationException">Rows of these columns cannot be given to the model, or its answers are no scores.</exception>
    public static IScorer Open(OnnxModel model, TabularSchema schema, OnnxScorerOptions? options = null, TabularData? data = null)
    {
        var runtime = new OnnxScorer(model, schema, options);
        if (IsDefaultOutput(model, options) && TryRead(model.Path, runtime.Features) is { } own && Agree(own, runtime, data))
        {
            runtime.Dispose();
            return own;
        }

        return runtime;
    }

    /// <summary>Reads a file's trees or linear model as a scorer; null where it has neither.</summary>
    public static ICoalitionScorer? TryRead(string path, int features)
    {
        try
        {
            return TreeEnsembleReader.TryRead(path) is { } trees ? TreeScorer.TryCreate(trees.WithFeatures(features))
                : LinearModelReader.TryRead(path) is { } linear && linear.Features == features ? new LinearScorer(linear)
                : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            // ONNX Runtime could read it, or could not and said why.
            return null;
        }
    }

    /// <summary>Whether the scores are those that the readers read: the graph's first output of floats.</summary>
    public static bool IsDefaultOutput(OnnxModel model, OnnxScorerOptions? options) =>
        options?.Kind is null && (options?.Output is not { } named || named == model.Outputs.FirstOrDefault(static o => o.Datatype == Datatype.FP32)?.Name);

    private static bool Agree(ICoalitionScorer own, OnnxScorer runtime, TabularData? data)
    {
        float[] rows = Probe(own.Features, data);
        try
        {
            Scores ours = Now(own.ScoreAsync(rows));
            Scores theirs = Now(runtime.ScoreAsync(rows));
            if (ours.Kind != theirs.Kind || ours.Outputs != theirs.Outputs)
            {
                return false;
            }

            for (int i = 0; i < ours.Values.Length; i++)
            {
                (double a, double b) = (ours.Values.Span[i], theirs.Values.Span[i]);
                if (!(Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b))) && !a.Equals(b))
                {
                    return false;
                }
            }

            return true;
        }
        catch (InferenceException)
        {
            return false;
        }
    }

    // Rows of the data, and rows of small numbers: zeros first, then others, whole ones among them for categories.
    private static float[] Probe(int features, TabularData? data)
    {
        int given = Math.Min(ProbeRows, data?.Features == features ? data.Rows : 0);
        float[] rows = new float[(given + ProbeRows) * features];
        for (int i = 0; i < given; i++)
        {
            data![(int)((long)i * data.Rows / given)].CopyTo(rows.AsSpan(i * features));
        }

        var random = new Random(1);
        for (int i = (given + 1) * features; i < rows.Length; i++)
        {
            rows[i] = random.Next(2) == 0 ? random.Next(10) : (float)((random.NextDouble() * 4) - 2);
        }

        return rows;
    }

    private static Scores Now(ValueTask<Scores> scores) => scores.AsTask().GetAwaiter().GetResult();
}
