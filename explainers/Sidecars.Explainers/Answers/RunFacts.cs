using System.Text.Json;

namespace Sidecars.Explainers.Answers;

/// <summary>How an explanation came about: what <c>meta.run</c> says.</summary>
internal sealed record RunFacts
{
    public required string Method { get; init; }

    public required bool Exact { get; init; }

    public required int Seed { get; init; }

    public required long Samples { get; init; }

    public required long Calls { get; init; }

    public required long Rows { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required TimeSpan ModelTime { get; init; }

    /// <summary>The rows that stood for what is not known: a background, or training data.</summary>
    public required (int Rows, string Method, string? Sha256)? Reference { get; init; }

    public required string? ModelSha256 { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("run");
        json.WriteString("method", Method);
        json.WriteBoolean("exact", Exact);
        json.WriteNumber("seed", Seed);
        json.WriteNumber("samples", Samples);
        json.WriteNumber("predictor_calls", Calls);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("elapsed_seconds", Elapsed.TotalSeconds);
        json.WriteNumber("model_seconds", ModelTime.TotalSeconds);
        if (Reference is { } reference)
        {
            json.WriteStartObject("background");
            json.WriteNumber("rows", reference.Rows);
            json.WriteString("method", reference.Method);
            json.WriteString("sha256", reference.Sha256);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("background");
        }

        json.WriteString("model_sha256", ModelSha256);
        json.WriteEndObject();
    }
}
