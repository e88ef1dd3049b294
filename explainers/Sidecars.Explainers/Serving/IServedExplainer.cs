using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Serving;

/// <summary>An explainer of an artefact, ready to answer.</summary>
internal interface IServedExplainer
{
    /// <summary>The options it has, and its name.</summary>
    OptionTable Table { get; }

    /// <summary>The options as they are when a request says nothing.</summary>
    ExplainerSettings Settings { get; }

    /// <summary>What MLServer's answers call it in a header.</summary>
    string HeaderName { get; }

    /// <summary>Explains rows.</summary>
    ValueTask<ExplanationAnswer> ExplainAsync(ExplanationCall call);
}
