using System.Text.Json;
using System.Text.Json.Serialization;

namespace Company.Namespace;

/// <summary>Brings each feature to mean 0 and deviation 1, by what was measured on the training data.</summary>
internal sealed record Scaler(IReadOnlyList<string> Features, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <exception cref="SidecarConfigurationException">The file does not fit; the process ends with the message.</exception>
    public static async Task<Scaler> LoadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using FileStream file = File.OpenRead(path);
            Scaler? scaler = await JsonSerializer.DeserializeAsync(file, ScalerJson.Default.Scaler, cancellation);
            int columns = ChurnFeatures.Names.Count;
            return scaler is not null && scaler.Features.SequenceEqual(ChurnFeatures.Names)
                && scaler.Mean.Count == columns && scaler.Deviation.Count == columns && !scaler.Deviation.Contains(0)
                    ? scaler
                    : throw new SidecarConfigurationException($"{path} must have a mean and a deviation for each feature.");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new SidecarConfigurationException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Scales rows in place.</summary>
    public void Scale(Span<float> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int feature = i % Mean.Count;
            rows[i] = (rows[i] - Mean[feature]) / Deviation[feature];
        }
    }
}

/// <summary>The file's form, compiled in.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Scaler))]
internal sealed partial class ScalerJson : JsonSerializerContext;
