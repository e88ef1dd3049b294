namespace Sidecars.Explainers.Tabular;

/// <summary>
/// The files of an artefact. Their names stay inside its directory; links are followed wherever they lead, because that is
/// how Kubernetes mounts volumes.
/// </summary>
internal sealed class ArtifactFiles(string directory, Problems problems)
{
    public Problems Problems => problems;

    /// <summary>The path of a file that must be there; null when it is not, or none is named.</summary>
    public string? Check(string key, string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
        {
            problems.Add($"{key} is '{name}': it must be a path inside the artefact's directory");
            return null;
        }

        string path = Path.Combine(directory, name);
        if (!File.Exists(path))
        {
            problems.Add($"{key} is '{name}', and there is no such file");
            return null;
        }

        return path;
    }

    public (TabularData Data, double[]? Weights)? ReadRows(string key, string? name, TabularSchema schema)
    {
        if (Check(key, name) is not { } path)
        {
            return null;
        }

        try
        {
            return TabularCsv.Read(name!, File.ReadAllBytes(path), schema, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{key} cannot be read: {e.Message}");
            return null;
        }
    }
}
