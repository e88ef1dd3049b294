using System.Globalization;
using System.Text;
using System.Text.Json;
using Samples.Shared;
using Sidecars.Explainers;
using Sidecars.Testing;

namespace Sidecars.Browser.Tests;

/// <summary>Two servers: the sample, as people start it, and an explainer whose names are all hostile.</summary>
public sealed class Servers : IAsyncLifetime
{
    /// <summary>A name that would run, if a page took it for markup.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>";

    /// <summary>Columns of a table: someone's age, kind of work and height.</summary>
    public static readonly IReadOnlyList<string> Features = [Hostile, "</script><script>alert(2)</script>", "{{height}} ${alert(4)} -->"];

    /// <summary>Kinds of work.</summary>
    public static readonly IReadOnlyList<string> Categories = ["<b>farm</b>", "\"><svg onload=alert(3)>", "none & 'all' ]]>"];

    /// <summary>What the model says.</summary>
    public static readonly IReadOnlyList<string> Classes = ["<i>no</i>", "</title><script>alert(5)</script>"];

    private readonly DirectoryInfo _artifact = Directory.CreateTempSubdirectory("browser");
    private readonly ScriptedPredictor _predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Judge);
    private SampleProcess? _sample;
    private SidecarTestHost? _hostile;

    /// <summary>samples/BreastCancer.</summary>
    public Uri Sample => new($"http://127.0.0.1:{_sample!.HttpPort}");

    /// <summary>The model, its features, categories and classes are called <see cref="Hostile"/> and worse.</summary>
    public Uri HostileServer => _hostile!.RestAddress;

    public async Task InitializeAsync()
    {
        _sample = await SampleProcess.StartAsync("BreastCancer.dll");
        WriteArtifact(_artifact.FullName);
        _hostile = await StartAsync(_artifact.FullName, _predictor, Hostile);
    }

    public async Task DisposeAsync()
    {
        if (_hostile is not null)
        {
            await _hostile.DisposeAsync();
        }

        if (_sample is not null)
        {
            await _sample.DisposeAsync();
        }

        await _predictor.DisposeAsync();
        _artifact.Delete(recursive: true);
    }

    /// <summary>A server of the same artefact with a predictor of a test's own.</summary>
    internal Task<SidecarTestHost> StartAsync(ScriptedPredictor predictor) => StartAsync(_artifact.FullName, predictor, "people");

    /// <summary>Says yes to who is 48 or older, the surer the older, and never to the third kind of work.</summary>
    internal static InferResponse Judge(ReceivedCall call)
    {
        float[] rows = call.Request.Inputs[0].ToArray<float>();
        var scores = new float[rows.Length / 3 * 2];
        for (int i = 0; i < rows.Length / 3; i++)
        {
            float yes = rows[(i * 3) + 1] == 2 ? 0.05f : Math.Clamp((rows[i * 3] / 60) - 0.3f + (rows[(i * 3) + 2] * 0.01f), 0.01f, 0.99f);
            (scores[2 * i], scores[(2 * i) + 1]) = (1 - yes, yes);
        }

        return InferResponse.FromTensors(Tensor.Create("scores", scores, rows.Length / 3, 2));
    }

    private static Task<SidecarTestHost> StartAsync(string directory, IPredictor predictor, string name) =>
        SidecarTestHost.StartAsync(builder => builder.Sidecar
            .AddExplainer(options => options.Directory = directory, name)
            .UsePredictor(_ => predictor));

    private static void WriteArtifact(string directory)
    {
        var csv = new StringBuilder(string.Join(',', Features.Select(static f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n");
        for (int age = 18; age < 78; age++)
        {
            for (int work = 0; work < 3; work++)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{age},{work},{150 + (((age * 7) + (work * 13)) % 50)}\n");
            }
        }

        File.WriteAllText(Path.Combine(directory, "train.csv"), csv.ToString());
        File.WriteAllText(Path.Combine(directory, "explainer.json"), $$"""
            {"schema":"sidecars/explainer-v1",
             "features":[{"name":{{Json(Features[0])}}},{"name":{{Json(Features[1])}},"categories":{{Json(Categories)}}},{"name":{{Json(Features[2])}}}],
             "classes":{{Json(Classes)}},"data":"train.csv","background":{"method":"sample","rows":20},
             "explainers":[{"type":"AnchorTabular"},{"type":"KernelShap"}]}
            """);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
