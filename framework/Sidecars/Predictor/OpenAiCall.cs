using System.Text.Json.Nodes;

namespace Sidecars.Predictor;

/// <summary>One request to a predictor that speaks OpenAI's API.</summary>
/// <param name="Address">What stands in front of the path.</param>
/// <param name="Path">The path, without a slash in front.</param>
/// <param name="Body">The request.</param>
/// <param name="Headers">Headers to send along; null for none.</param>
internal readonly record struct OpenAiCall(
    Uri Address, string Path, JsonObject Body, IReadOnlyList<KeyValuePair<string, string>>? Headers);
