namespace Sidecars.Explainers.Tests.Tabular;

/// <summary>A directory for an artefact, gone with the test.</summary>
internal sealed class ArtifactFolder : IDisposable
{
    public ArtifactFolder() => Path = Directory.CreateTempSubdirectory("artefact").FullName;

    public string Path { get; }

    public ArtifactFolder With(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public ArtifactFolder Copy(string name, string from)
    {
        File.Copy(from, System.IO.Path.Combine(Path, name));
        return this;
    }

    public ExplainerArtifact Load() => ExplainerArtifact.Load(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
