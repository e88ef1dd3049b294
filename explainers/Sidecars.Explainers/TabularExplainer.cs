using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Headers;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Serving;
using Sidecars.Onnx;

namespace Sidecars.Explainers;

/// <summary>
/// Answers with anchors and Shapley values for rows of a table, from an artefact (<see cref="ExplainerArtifact"/>). Attached
/// to a model it explains that model; inside an <see cref="ExplainerModel"/> it is a server of its own.
/// </summary>
/// <remarks>
/// Scores come from the artefact's model, in this process; without one, from the predictor of the call, with the caller's
/// headers and deadline. Who hangs up stops the search.
/// </remarks>
public sealed class TabularExplainer : IExplainer
{
    private static readonly Dictionary<string, object> s_text = new() { ["content_type"] = "str" };

    private readonly TabularExplainerOptions _options;
    private readonly IServiceProvider? _services;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private LoadedExplainers? _loaded;

    /// <summary>Makes an explainer; <see cref="LoadAsync"/> reads the artefact.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="services">Where the model directory, flags, log and clock come from; null for none of them.</param>
    public TabularExplainer(TabularExplainerOptions options, IServiceProvider? services = null)
    {
        _options = options;
        _services = services;
        _time = services?.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public bool ExplainsHooks => !_options.PreprocessFirst;

    /// <summary>The artefact.</summary>
    /// <exception cref="InvalidOperationException">It is not read yet.</exception>
    public ExplainerArtifact Artifact => Loaded.Artifact;

    /// <summary>
    /// A row of the artefact; null where Preprocess comes first, since the artefact has its rows in the form that Preprocess
    /// gives them, and before the artefact is read.
    /// </summary>
    public JsonNode? Example => ExplainsHooks ? ExampleRequest : null;

    /// <summary>A row of the artefact as a request; null before it is read, and when it has none.</summary>
    internal JsonNode? ExampleRequest => _loaded is { } loaded ? ExampleRow.Of(loaded.Artifact) : null;

    internal bool IsLoaded => _loaded is not null;

    internal LoadedExplainers Loaded => _loaded ?? throw new InvalidOperationException("The explainer is not loaded.");

    /// <inheritdoc/>
    /// <exception cref="SidecarConfigurationException">The artefact cannot be used; the message lists everything that is wrong with it.</exception>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _loaded ??= Load();
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The caller's <c>Accept</c> chooses the form: <c>application/json</c>, which also answers whoever names none of these,
    /// <c>text/html</c>, <c>image/svg+xml</c> or <c>text/plain</c>.
    /// </remarks>
    public async ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context)
    {
        (ExplanationAnswer answer, _) = await AnswerAsync(request, context).ConfigureAwait(false);
        var form = AnswerForm.Negotiate(context.Headers.Accept);
        context.ResponseHeaders[HeaderNames.Vary] = HeaderNames.Accept;
        if (form != AnswerForm.Json)
        {
            context.ResponseHeaders[HeaderNames.XContentTypeOptions] = "nosniff";
        }

        if (form == AnswerForm.Page || form == AnswerForm.Picture)
        {
            context.ResponseHeaders[HeaderNames.ContentSecurityPolicy] = PageFrame.ContentSecurityPolicy;
        }

        return InferResponse.FromBytes(answer.Encode(form), form.ContentType);
    }

    /// <summary>Explains rows that did not come as a request.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="context">
    /// The call: its predictor scores where the artefact has no model, within its deadline; its cancellation gives up.
    /// </param>
    /// <param name="parameters">What else a request would say: <c>explainer</c>, and options by name; null for nothing.</param>
    /// <returns>The answer as JSON.</returns>
    /// <exception cref="InferenceException">A parameter is unknown or wrong, or the model failed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ExplainAsync(
        TabularData rows, InferenceContext context, IReadOnlyDictionary<string, string>? parameters = null)
    {
        LoadedExplainers loaded = Loaded;
        Dictionary<string, OptionInput> given = (parameters ?? new Dictionary<string, string>())
            .ToDictionary(static p => p.Key, static p => new OptionInput(p.Value), StringComparer.Ordinal);
        var requested = new RequestedRows(rows, RowForm.Lists, new bool[rows.Features]);
        (ExplanationAnswer answer, _) = await loaded.ExplainAsync(
            rows, loaded.Scorers.For(context, requested), given, context).ConfigureAwait(false);
        return answer.Encode(AnswerForm.Json);
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _loaded, null) is { } loaded)
        {
            await loaded.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The answer as MLServer gives it to V2 callers: one text, and headers that say what it is.</summary>
    internal async ValueTask<InferResponse> ExplainV2Async(InferRequest request, InferenceContext context)
    {
        (ExplanationAnswer answer, string name) = await AnswerAsync(request, context).ConfigureAwait(false);
        context.ResponseHeaders["x-seldon-alibi-type"] = "explanation";
        context.ResponseHeaders["x-seldon-alibi-method"] = name;
        return InferResponse.FromTensors(Tensor.FromBytes("explanation", [answer.Encode(AnswerForm.Json)], 1, 1).WithParameters(s_text));
    }

    private async ValueTask<(ExplanationAnswer Answer, string Name)> AnswerAsync(InferRequest request, InferenceContext context)
    {
        LoadedExplainers loaded = Loaded;
        Dictionary<string, OptionInput> given = RequestedOptions.Read(context.Arrived ?? request, context);

        // What a hook built of tensors has no body; what a V1 caller sent, or a hook built of JSON for one, is a document.
        bool asJson = context.Protocol == InferenceProtocol.V1 && !request.Body.IsEmpty;
        RequestedRows rows = loaded.Rows.Read(request, asJson);
        return await loaded.ExplainAsync(rows.Data, loaded.Scorers.For(context, rows), given, context).ConfigureAwait(false);
    }

    private LoadedExplainers Load()
    {
        if (_options.Threads is < 1)
        {
            throw new SidecarConfigurationException($"TabularExplainerOptions.Threads is {_options.Threads}; allowed: 1 and above, or null.");
        }

        string directory = _options.Directory ?? _services?.GetService<SidecarOptions>()?.ModelDir
            ?? throw new SidecarConfigurationException("TabularExplainerOptions.Directory is not set, and there is no --model_dir.");
        ExplainerArtifact artifact = ExplainerArtifact.Load(directory, _options.Explainer);
        OnnxOptions onnx = OnnxSettings.Read(_services?.GetService<IConfiguration>(), _options.ConfigureOnnx);
        ILogger log = _services?.GetService<ILoggerFactory>()?.CreateLogger<TabularExplainer>() ?? (ILogger)NullLogger.Instance;
        var scorers = ScorerSource.Open(artifact, _options, onnx, log, _time);
        return new LoadedExplainers(artifact, scorers, _options.Threads ?? Environment.ProcessorCount, _time);
    }
}
