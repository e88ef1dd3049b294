namespace Churn.Tests;

/// <summary>A model folder that is gone after the test.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("churn").FullName;

    public static TemporaryModel Of(string scaler)
    {
        var model = new TemporaryModel();
        File.WriteAllText(Path.Combine(model.Folder, "scaler.json"), scaler);
        return model;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
