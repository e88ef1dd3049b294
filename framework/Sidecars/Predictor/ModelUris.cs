namespace Sidecars.Predictor;

/// <summary>The URIs of models' verbs; the last one is kept, for a sidecar mostly calls the same model.</summary>
internal sealed class ModelUris(Uri address, bool v1)
{
    // One reference, so that a call beside this one never sees the name of one model with the URI of another.
    private Entry? _last;

    public Uri For(string modelName, InferenceVerb verb)
    {
        if (_last is { } last && last.Verb == verb && last.Model == modelName)
        {
            return last.Uri;
        }

        string name = Uri.EscapeDataString(modelName);
        string path = !v1 ? $"v2/models/{name}/infer" : verb == InferenceVerb.Explain ? $"v1/models/{name}:explain" : $"v1/models/{name}:predict";
        var made = new Entry(modelName, verb, new Uri(address, path));
        _last = made;
        return made.Uri;
    }

    private sealed record Entry(string Model, InferenceVerb Verb, Uri Uri);
}
