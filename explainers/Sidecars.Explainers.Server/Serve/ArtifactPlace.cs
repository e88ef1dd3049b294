namespace Sidecars.Explainers.Server.Serve;

/// <summary>Finds the directory of the artefact, as KServe hands it over and as people give it.</summary>
internal static class ArtifactPlace
{
    private static readonly string s_mounted = new SidecarOptions().ModelDir;

    /// <summary>The directory that a command line means.</summary>
    /// <exception cref="SidecarConfigurationException">It is elsewhere and nobody has fetched it, or it holds a Python explainer.</exception>
    public static string Find(SidecarApplicationBuilder builder)
    {
        string directory = Find(builder.Options.ModelDir, builder.Configuration["storage_uri"]);
        RefusePickle(directory);
        return directory;
    }

    /// <summary>The directory.</summary>
    /// <param name="modelDir">What <c>--model_dir</c> says.</param>
    /// <param name="storageUri">What <c>--storage_uri</c> or STORAGE_URI says; null for nothing.</param>
    /// <exception cref="SidecarConfigurationException">It is elsewhere, and nobody has fetched it.</exception>
    internal static string Find(string modelDir, string? storageUri)
    {
        if (string.IsNullOrEmpty(storageUri) || modelDir != s_mounted)
        {
            return modelDir;
        }

        if (!storageUri.Contains("://", StringComparison.Ordinal))
        {
            return storageUri;
        }

        if (Uri.TryCreate(storageUri, UriKind.Absolute, out Uri? uri) && uri.IsFile)
        {
            return uri.LocalPath;
        }

        // KServe's storage initializer has fetched it by now, if this is a pod of KServe's.
        return Directory.Exists(modelDir) && Directory.EnumerateFileSystemEntries(modelDir).Any()
            ? modelDir
            : throw new SidecarConfigurationException(
                $"--storage_uri is {storageUri}, and there is nothing in {modelDir}, where KServe's storage initializer would have put it. "
                + "Under KServe, set STORAGE_URI on the container named kserve-container or use storageUris; elsewhere, fetch it and give the folder with --model_dir.");
    }

    /// <summary>Refuses a directory that holds an explainer of the Python server instead of an artefact.</summary>
    /// <exception cref="SidecarConfigurationException">It does; the message says how to make an artefact.</exception>
    private static void RefusePickle(string directory)
    {
        if (!File.Exists(Path.Combine(directory, ExplainerDocument.FileName)) && File.Exists(Path.Combine(directory, "explainer.dill")))
        {
            throw new SidecarConfigurationException(
                $"{directory} holds explainer.dill, a Python object that only Python can load, and no {ExplainerDocument.FileName}. "
                + "Make an artefact from the training data it was fitted on: "
                + "sidecars-explainer fit --data train.csv --label COLUMN --output DIR [--model model.onnx]; then put DIR in its place. "
                + "Without --model the predictor scores, as it did.");
        }
    }
}
