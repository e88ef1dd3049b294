using System.Collections.Concurrent;

namespace Sidecars.Predictor;

/// <summary>
/// The metadata of the predictor's models, asked for when a conversion first needs it. A predictor that does not tell
/// is asked again after half a minute.
/// </summary>
internal sealed class MetadataCache(TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (ModelMetadata? Metadata, long At)> _known = new(StringComparer.Ordinal);

    public async ValueTask<ModelMetadata?> GetAsync(string modelName, ITransport transport, CancellationToken cancellation)
    {
        if (_known.TryGetValue(modelName, out (ModelMetadata? Metadata, long At) entry)
            && (entry.Metadata is not null || time.GetElapsedTime(entry.At) < s_again))
        {
            return entry.Metadata;
        }

        ModelMetadata? metadata = null;
        try
        {
            metadata = await transport.GetModelMetadataAsync(modelName, cancellation).ConfigureAwait(false);
        }
        catch (InferenceException)
        {
            // Without metadata the documented defaults hold; the call itself will tell what is wrong with the predictor.
        }

        _known[modelName] = (metadata, time.GetTimestamp());
        return metadata;
    }
}
