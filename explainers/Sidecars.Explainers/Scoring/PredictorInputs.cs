using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// What a predictor says of its model's inputs, asked once and kept for as long as the predictor lives: an explanation
/// makes thousands of rows, and each is a scorer of its own. One that does not tell is asked again after half a minute.
/// </summary>
internal static class PredictorInputs
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);
    private static readonly ConditionalWeakTable<IPredictor, ConcurrentDictionary<string, Entry>> s_known = [];

    /// <returns>The inputs; empty when the predictor does not tell.</returns>
    public static async ValueTask<IReadOnlyList<TensorMetadata>> OfAsync(
        IPredictor predictor, string model, TimeProvider time, CancellationToken cancellation)
    {
        ConcurrentDictionary<string, Entry> known = s_known.GetOrCreateValue(predictor);
        if (known.TryGetValue(model, out Entry entry) && (entry.Inputs.Count > 0 || time.GetElapsedTime(entry.At) < s_again))
        {
            return entry.Inputs;
        }

        IReadOnlyList<TensorMetadata> inputs = [];
        try
        {
            inputs = (await predictor.GetModelMetadataAsync(model, cancellation).ConfigureAwait(false))?.Inputs ?? [];
        }
        catch (InferenceException)
        {
            // The call itself will tell what is wrong with the predictor.
        }

        known[model] = new Entry(inputs, time.GetTimestamp());
        return inputs;
    }

    private readonly record struct Entry(IReadOnlyList<TensorMetadata> Inputs, long At);
}
