using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Answers;

/// <summary>What an answer says of itself besides what was found.</summary>
/// <param name="ModelName">The explained model, as the caller named it.</param>
/// <param name="Schema">What columns and classes are called.</param>
/// <param name="Table">The explainer's options.</param>
/// <param name="Settings">Their values in this call.</param>
internal sealed record AnswerSource(string ModelName, TabularSchema Schema, OptionTable Table, ExplainerSettings Settings)
{
    /// <summary>The names of those who share an answer: the features, or their groups.</summary>
    public string[] Players(int count) =>
        Settings.Shap.Groups is null ? [.. Schema.Features.Select(static f => f.Name)]
        : Settings.Shap.GroupNames is { } names && names.Count == count ? [.. names]
        : [.. Enumerable.Range(0, count).Select(static g => $"group_{g}")];
}
