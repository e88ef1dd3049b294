using System.Text.Json.Nodes;
using Sidecars.Explainers;

namespace Explainers.Benchmarks;

/// <summary>Anchors as the kit's judge reads them: one JSON object a line.</summary>
internal static class AnchorLines
{
    public static string Write(string model, int row, int seed, AnchorExplanation anchor, long calls, double milliseconds) => new JsonObject
    {
        ["model"] = model,
        ["row"] = row,
        ["seed"] = seed,
        ["label"] = anchor.Label,
        ["predicates"] = new JsonArray([.. anchor.Predicates.Select(Predicate)]),
        ["precision"] = anchor.Precision,
        ["precision_interval"] = new JsonArray(anchor.PrecisionInterval.Low, anchor.PrecisionInterval.High),
        ["coverage"] = anchor.Coverage,
        ["status"] = anchor.Status.ToString(),
        ["predictions"] = anchor.Predictions,
        ["calls"] = calls,
        ["seconds"] = milliseconds / 1000,
    }.ToJsonString();

    private static JsonObject Predicate(AnchorPredicate predicate)
    {
        JsonObject json = new() { ["feature"] = predicate.Feature };
        if (predicate.Equal is { } code)
        {
            json["eq"] = code;
        }

        if (predicate.Gt is { } low)
        {
            json["gt"] = low;
        }

        if (predicate.Le is { } high)
        {
            json["le"] = high;
        }

        return json;
    }
}
