namespace Sidecars.Docs.Tests.Pages;

/// <summary>
/// Markers of pages that are read where comments show: package servers print them, and templates write them into the
/// projects of users. One for each block, in order; an empty one stands for none.
/// </summary>
internal static class Elsewhere
{
    private const string Templates = "held by: tests/Sidecars.Templates.Tests/RunTests.cs";
    private const string Cluster = "cannot run: needs a container engine and a cluster";

    private static readonly Dictionary<string, string[]> s_markers = new()
    {
        ["explainers/Sidecars.Explainers/README.md"] = ["compile: with=Usings", "compile: with=MyModel"],
        ["framework/Sidecars/README.md"] = ["same as: samples/Doubler/Program.cs"],
        ["framework/Sidecars.MLNet/README.md"] = ["compile: with=MyModel"],
        ["framework/Sidecars.Onnx/README.md"] = ["compile: with=MyModel"],
        ["framework/Sidecars.Testing/README.md"] = ["compile: in=Asking with=MyModel"],
        ["framework/Sidecars.Tool/README.md"] = ["cannot run: installs from a package server"],
        ["templates/Sidecars.Templates/README.md"] = [Templates],
        ["templates/Sidecars.Templates/content/kserve-explainer/README.md"] = [Templates, Templates, Cluster],
        ["templates/Sidecars.Templates/content/kserve-transformer/README.md"] = [Templates, Templates, Templates, Templates, Cluster],
    };

    public static Marker? Marker(string page, int block) =>
        s_markers.TryGetValue(page, out string[]? markers) && block < markers.Length ? Pages.Marker.Read($"<!-- {markers[block]} -->") : null;
}
