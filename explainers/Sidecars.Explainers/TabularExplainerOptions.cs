using Sidecars.Onnx;

namespace Sidecars.Explainers;

/// <summary>How a <see cref="TabularExplainer"/> is set up.</summary>
public sealed class TabularExplainerOptions
{
    /// <summary>The artefact's directory; default null: the sidecar's model directory, <c>--model_dir</c>.</summary>
    public string? Directory { get; set; }

    /// <summary>
    /// For an explainer that is attached to a model: what is explained. True, the default: the request is preprocessed once,
    /// and the explainer varies what Preprocess returned: the predictor's features. False: the explainer varies the caller's
    /// own rows, and each batch goes through Preprocess, Predict and Postprocess for its scores. The artefact describes the
    /// features that are varied.
    /// </summary>
    public bool PreprocessFirst { get; set; } = true;

    /// <summary>
    /// The explainer that answers when a request names none; its options go before those the artefact has for this type. The
    /// artefact need not have it. Default null: the artefact's first.
    /// </summary>
    public ExplainerDefinition? Explainer { get; set; }

    /// <summary>How many explanations compute at once, at least 1; default null: as many as this process has processors. Those
    /// that wait for a remote model or for their turn in a merged run do not count.</summary>
    public int? Threads { get; set; }

    /// <summary>
    /// Whether rows of concurrent explanations are merged into one run of the artefact's model. Default null: on a GPU, which
    /// is fast only with many rows. Merged, the last digits of scores may depend on who else asks; unmerged, the same request
    /// and seed give the same bytes. What a predictor scores is never merged: each call carries its caller's headers.
    /// </summary>
    public bool? Merge { get; set; }

    /// <summary>How rows are merged; default null: <see cref="BatchingOptions"/>'s own defaults.</summary>
    public BatchingOptions? Merging { get; set; }

    /// <summary>Sets how the artefact's model runs; wins over the flags <c>--onnx_…</c>. Default null: as the flags say.</summary>
    public Action<OnnxOptions>? ConfigureOnnx { get; set; }
}
