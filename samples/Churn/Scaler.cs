using System.Text.Json;
using System.Text.Json.Serialization;
using Sidecars;

namespace Churn;

/// <summary>Brings each feature to mean 0 and deviation 1, by what was measured on the training data.</summary>
/// <param name="Features">The features' names, in order.</param>
/// <param name="Mean">What is taken off each.</param>
/// <param name="Deviation">What each is then divided by.</param>
internal sealed record Scaler(IReadOnlyList<string> Features, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    public static async Task<Scaler> LoadAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            await using FileStream file = File.OpenRead(path);
            Scaler? scaler = await JsonSerializer.DeserializeAsync(file, ScalerJson.Default.Scaler, cancellation);
            return scaler is not null && scaler.Features.SequenceEqual(Customers.Fields)
                && scaler.Mean.Count == Customers.Fields.Count
                && scaler.Deviation.Count == Customers.Fields.Count && !scaler.Deviation.Contains(0)
                    ? scaler
                    : throw new SidecarConfigurationException(
                        $"The scaler {path} must have a mean and a deviation for each of: {string.Join(", ", Customers.Fields)}");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new SidecarConfigurationException($"The scaler {path} cannot be read: {e.Message}", e);
        }
    }

    public Task SaveAsync(string path) => File.WriteAllTextAsync(path, JsonSerializer.Serialize(this, ScalerJson.Default.Scaler) + "\n");

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
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Scaler))]
internal sealed partial class ScalerJson : JsonSerializerContext;
