using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sidecars.Explainers.Tests.Tabular;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>Servers to explain with, and callers of theirs.</summary>
internal static partial class Served
{
    public const string Explain = "/v1/models/model:explain", Infer = "/v2/models/model/infer";

    /// <summary>An artefact of the kit's ten measurements: its model, training rows, and the background its exact values are for.</summary>
    public static ArtifactFolder Kit10(string model, string explainers = """{"type":"AnchorTabular"},{"type":"KernelShap"},{"type":"Shap"}""")
    {
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllText(Kit.File("data/breast_cancer10.meta.json")));
        using JsonDocument exact = JsonDocument.Parse(File.ReadAllText(Kit.File($"golden/exact.breast_cancer10_{model}.json")));
        string[] train = File.ReadAllLines(Kit.File("data/breast_cancer10.train.csv"));
        string background = string.Join('\n', exact.RootElement.GetProperty("background_rows").EnumerateArray().Select(r => train[r.GetInt32() + 1]).Prepend(train[0]));
        string features = string.Join(',', meta.RootElement.GetProperty("feature_names").EnumerateArray().Select(static n => $$"""{"name":{{n.GetRawText()}}}"""));
        return new ArtifactFolder()
            .Copy("train.csv", Kit.File("data/breast_cancer10.train.csv"))
            .Copy("model.onnx", Kit.File($"models/breast_cancer10_{model}.onnx"))
            .With("background.csv", background)
            .With("explainer.json", $$"""
                {"schema":"sidecars/explainer-v1","features":[{{features}}],"classes":["malignant","benign"],"data":"train.csv","model":"model.onnx",
                 "background":{"method":"file","file":"background.csv"},"explainers":[{{explainers}}]}
                """);
    }

    /// <summary>Rows of the kit's test data as JSON lists.</summary>
    public static string[] Kit10Rows(params int[] rows)
    {
        TabularData data = Kit.Rows("data/breast_cancer10.test.csv");
        return [.. rows.Select(r => "[" + string.Join(',', data[r].ToArray().Select(static v => v.ToString("R", CultureInfo.InvariantCulture))) + "]")];
    }

    /// <summary>An artefact without a model: people of some age and some work, whom a predictor judges.</summary>
    public static ArtifactFolder People(string explainers = """{"type":"AnchorTabular"},{"type":"KernelShap"}""")
    {
        var csv = new StringBuilder("age,work\n");
        for (int age = 18; age < 78; age++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{age},{s_works[age % 3]}\n");
        }

        return new ArtifactFolder().With("train.csv", csv.ToString()).With("explainer.json", $$"""
            {"schema":"sidecars/explainer-v1","features":[{"name":"age"},{"name":"work","categories":["farm","office","none"]}],"classes":["no","yes"],
             "data":"train.csv","background":{"method":"sample","rows":20},"explainers":[{{explainers}}]}
            """);
    }

    /// <summary>What the predictor says of a person: yes from 48 years on.</summary>
    public static InferResponse Judge(ReceivedCall call)
    {
        float[] rows = call.Request.Inputs[0].ToArray<float>();
        float[] scores = [.. Enumerable.Range(0, rows.Length / 2).SelectMany(i => rows[i * 2] >= 48 ? new[] { 0.1f, 0.9f } : [0.8f, 0.2f])];
        return InferResponse.FromTensors(Tensor.Create("scores", scores, rows.Length / 2, 2));
    }

    /// <summary>A server whose predictor, if there is one, is in its process.</summary>
    public static Task<SidecarTestHost> StartAsync(
        ArtifactFolder folder, IPredictor? predictor = null, Action<TabularExplainerOptions>? configure = null, params string[] args) =>
        SidecarTestHost.StartAsync(builder =>
        {
            builder.Sidecar.AddExplainer(options =>
            {
                options.Directory = folder.Path;
                configure?.Invoke(options);
            });
            if (predictor is not null)
            {
                builder.Sidecar.UsePredictor(_ => predictor);
            }
        }, null, args);

    /// <summary>A server whose predictor has a port of its own.</summary>
    public static async Task<SidecarTestHost> StartBeforeAsync(ScriptedPredictor predictor, ArtifactFolder folder) =>
        await SidecarTestHost.StartAsync(builder => builder.Sidecar.AddExplainer(options => options.Directory = folder.Path), await predictor.ServeAsync());

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static StringContent Rows(IEnumerable<string> rows, string? parameters = null) =>
        Json($$"""{"instances":[{{string.Join(',', rows)}}]{{(parameters is null ? "" : ",\"parameters\":" + parameters)}}}""");

    public static async Task<(int Status, string Text)> PostAsync(this SidecarTestHost host, string path, HttpContent body)
    {
        using HttpResponseMessage answer = await host.Http.PostAsync(path, body);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> ExplainAsync(this SidecarTestHost host, HttpContent body, string path = Explain)
    {
        (int status, string text) = await host.PostAsync(path, body);
        status.Should().Be(200, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>An answer without what a clock put into it.</summary>
    public static string Timeless(string json) => Times().Replace(json, "\"$1\":0");

    public static IEnumerable<string> Keys(this JsonElement json) => json.EnumerateObject().Select(static p => p.Name);

    public static JsonElement At(this JsonElement json, string path) =>
        path.Split('.').Aggregate(json, static (at, key) => int.TryParse(key, out int index) && at.ValueKind == JsonValueKind.Array ? at[index] : at.GetProperty(key));

    public static double[] Numbers(this JsonElement json) => [.. json.EnumerateArray().Select(static v => v.GetDouble())];

    private static readonly string[] s_works = ["farm", "office", "none"];

    [GeneratedRegex("\"(elapsed_seconds|model_seconds)\":[-+.eE0-9]+")]
    private static partial Regex Times();
}
