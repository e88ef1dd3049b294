using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Samples.Shared;

namespace Sidecars.Onnx.Tests.Sample;

/// <summary>
/// The sample as users run it. The probabilities it must give were computed apart from it (<see cref="Patients"/>); all
/// protocols must give the very same floats.
/// </summary>
public class BreastCancerTests(SampleProcess sample) : IClassFixture<SampleProcess>
{
    private const string V1Path = "/v1/models/breast-cancer:predict";
    private const string ExplainPath = "/v1/models/breast-cancer:explain";
    private const string V2Path = "/v2/models/breast-cancer/infer";

    [Fact]
    public async Task V1_NamedMeasurements_GiveDiagnoses()
    {
        string patients = string.Join(",", Enumerable.Range(0, Patients.Count).Select(Patient));

        JsonElement answer = await PostAsync(V1Path, $$"""{"instances":[{{patients}}]}""");

        JsonElement[] predictions = [.. answer.GetProperty("predictions").EnumerateArray()];
        Check(
            [.. predictions.Select(p => p.GetProperty("label").GetString()!)],
            [.. predictions.Select(p => p.GetProperty("probability").GetSingle())],
            [.. predictions.Select(p => p.GetProperty("risk_tier").GetString()!)]);
        predictions[0].EnumerateObject().Select(p => p.Name).Should().Equal("label", "probability", "risk_tier");
    }

    [Fact]
    public async Task V2_OneTensor_GivesDiagnoses()
    {
        string values = string.Join(",", Patients.Values);

        JsonElement answer = await PostAsync(
            V2Path, $$"""{"inputs":[{"name":"measurements","datatype":"FP32","shape":[{{Patients.Count}},30],"data":[{{values}}]}]}""");

        CheckV2(answer);
    }

    [Fact]
    public async Task V2_OneTensorForEachMeasurement_GivesDiagnoses()
    {
        string inputs = string.Join(",", Enumerable.Range(0, 30).Reverse().Select(column =>
            $$"""{"name":"{{Patients.Names[column]}}","datatype":"FP64","shape":[{{Patients.Count}},1],"data":[{{Column(column)}}]}"""));

        CheckV2(await PostAsync(V2Path, $$"""{"inputs":[{{inputs}}]}"""));
    }

    [Fact]
    public async Task V2_BinaryTensors_GiveDiagnosesInBinary()
    {
        byte[] data = MemoryMarshal.AsBytes(Patients.Values.AsSpan()).ToArray();
        byte[] head = Encoding.UTF8.GetBytes(
            $$"""{"inputs":[{"name":"measurements","datatype":"FP32","shape":[{{Patients.Count}},30],"parameters":{"binary_data_size":{{data.Length}} } }],"parameters":{"binary_data_output":true} }""");
        using var content = new ByteArrayContent([.. head, .. data]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{head.Length}");

        using HttpResponseMessage answer = await sample.Http.PostAsync(V2Path, content);

        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(Encoding.UTF8.GetString(body));
        int length = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
        JsonElement[] outputs = [.. JsonDocument.Parse(body.AsMemory(0, length)).RootElement.GetProperty("outputs").EnumerateArray()];
        outputs.Select(o => o.GetProperty("name").GetString()).Should().Equal("label", "probability", "risk_tier");
        int[] sizes = [.. outputs.Select(o => o.GetProperty("parameters").GetProperty("binary_data_size").GetInt32())];
        body.Length.Should().Be(length + sizes.Sum());
        Check(
            Texts(body.AsSpan(length, sizes[0])),
            MemoryMarshal.Cast<byte, float>(body.AsSpan(length + sizes[0], sizes[1])).ToArray(),
            Texts(body.AsSpan(length + sizes[0] + sizes[1])));
    }

    [Theory]
    [InlineData(PredictorProtocol.GrpcV2)]
    [InlineData(PredictorProtocol.V2)]
    public async Task Client_OneTensor_GivesDiagnoses(PredictorProtocol protocol)
    {
        int port = protocol == PredictorProtocol.GrpcV2 ? sample.GrpcPort : sample.Http.BaseAddress!.Port;
        await using var client = new InferenceClient(new InferenceClientOptions { Host = $"127.0.0.1:{port}", Protocol = protocol });

        using InferResponse answer = await client.InferAsync(InferRequest.FromRows(Patients.Values, 30), new PredictorCall("breast-cancer"));

        Check(answer.Output("label").ReadStrings(), answer.Output("probability").ToArray<float>(), answer.Output("risk_tier").ReadStrings());
    }

    [Fact]
    public async Task Grpc_Metadata_DeclaresTheSamplesOwnTensors()
    {
        await using var client = new InferenceClient(
            new InferenceClientOptions { Host = $"127.0.0.1:{sample.GrpcPort}", Protocol = PredictorProtocol.GrpcV2 });

        ModelMetadata? metadata = await client.GetModelMetadataAsync("breast-cancer");

        metadata!.Inputs.Should().BeEquivalentTo([new TensorMetadata("measurements", Datatype.FP32, -1, 30)]);
        metadata.Outputs.Select(o => o.Name).Should().Equal("label", "probability", "risk_tier");
    }

    [Theory]
    [InlineData("mean radius", "275", "patient 1: 275 is out of range for 'mean radius', a number from 3.49 to 56.2")]
    [InlineData("worst area", "-1", "patient 1: -1 is out of range for 'worst area', a number from 92.6 to 8510")]
    [InlineData("mean texture", "null", "patient 1: 'mean texture', a number from 4.86 to 78.6, is missing")]
    public async Task V1_NoMeasurement_Is400NamingFieldAndRange(string name, string value, string message)
    {
        string wrong = Patient(1, name, value);

        (await RefusedAsync(V1Path, $$"""{"instances":[{{Patient(0)}},{{wrong}}]}""")).Should().Be(message);
    }

    [Fact]
    public async Task V1_MissingUnknownOrTextualField_Is400NamingIt()
    {
        (await RefusedAsync(V1Path, """{"instances":[{"mean radius":14.2}]}"""))
            .Should().Be("patient 0: 'mean texture', a number from 4.86 to 78.6, is missing");
        (await RefusedAsync(V1Path, $$"""{"instances":[{{Patient(0).Replace("{", "{\"age\":50,", StringComparison.Ordinal)}}]}"""))
            .Should().Be("patient 0: 'age' is not one of the 30 measurements");
        (await RefusedAsync(V1Path, $$"""{"instances":[{{Patient(0, "mean area", "\"large\"")}}]}"""))
            .Should().Be("instance 0 at $['mean area']: a number is expected");
    }

    [Fact]
    public async Task V2_TensorsThatAreNoMeasurements_Are400()
    {
        (await RefusedAsync(V2Path, """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}"""))
            .Should().Be("input 'x' has shape [1,3], expected [patients,30]");
        (await RefusedAsync(V2Path, """{"inputs":[{"name":"age","datatype":"FP32","shape":[1],"data":[1]},{"name":"b","datatype":"FP32","shape":[1],"data":[1]}]}"""))
            .Should().Be("input 'age' is not one of the 30 measurements");
        (await RefusedAsync(V2Path, """{"inputs":[{"name":"mean radius","datatype":"FP32","shape":[1],"data":[14]},{"name":"mean area","datatype":"FP32","shape":[1],"data":[600]}]}"""))
            .Should().Be("the input 'mean texture', a number from 4.86 to 78.6, is missing");
    }

    /// <summary>The README's requests give the README's answers, to the letter.</summary>
    [Theory]
    [InlineData("v1.json", V1Path)]
    [InlineData("v2.json", V2Path)]
    [InlineData("v2-named.json", V2Path)]
    [InlineData("out-of-range.json", V1Path)]
    public async Task Readme_ShownRequest_GivesTheShownAnswer(string request, string path)
    {
        string[] shown = await File.ReadAllLinesAsync(Path.Combine(SampleProcess.Folder, "README.md"));
        string body = await File.ReadAllTextAsync(Path.Combine(SampleProcess.Folder, "requests", request));

        using HttpResponseMessage answer = await sample.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        string text = await answer.Content.ReadAsStringAsync();
        shown.Should().Contain(text);
    }

    /// <summary>What the README takes out of its explanations, with jq, is what the sample answers.</summary>
    [Fact]
    public async Task Readme_ShownExplanations_AreWhatTheSampleAnswers()
    {
        string[] shown = await File.ReadAllLinesAsync(Path.Combine(SampleProcess.Folder, "README.md"));
        string body = await File.ReadAllTextAsync(Path.Combine(SampleProcess.Folder, "requests", "explain.json"));

        JsonElement rule = (await PostAsync(ExplainPath, body)).GetProperty("data");
        JsonElement values = (await PostAsync(ExplainPath + "?explainer=Shap", body)).GetProperty("data");

        string[] parts = [.. ((string[])["anchor", "precision", "coverage", "status"]).Select(name => $"\"{name}\":{rule.GetProperty(name).GetRawText()}")];
        shown.Should().Contain(ReadmeExample.Rounded($"{{{string.Join(",", parts)}}}"));
        IEnumerable<string> largest = values.GetProperty("feature_names").EnumerateArray()
            .Zip(values.GetProperty("shap_values")[0][0].EnumerateArray(), static (name, value) => (Name: name.GetRawText(), Value: value.GetDouble()))
            .OrderByDescending(static share => Math.Abs(share.Value)).Take(3)
            .Select(static share => $"[{share.Name},{Math.Round(share.Value, 3)}]");
        shown.Should().Contain($"[{string.Join(",", largest)}]");
    }

    [Fact]
    public async Task Explain_OfThreePatients_AddsUpToTheLogOdds()
    {
        string patients = string.Join(",", Enumerable.Range(0, Patients.Count).Select(Patient));

        JsonElement data = (await PostAsync(ExplainPath, $$"""{"instances":[{{patients}}],"parameters":{"explainer":"Shap"} }""")).GetProperty("data");

        double expected = data.GetProperty("expected_value")[0].GetDouble();
        for (int row = 0; row < Patients.Count; row++)
        {
            // The model's log-odds are those of class 1, benign; the probabilities are of malignant.
            double logOdds = Math.Log((1 - Patients.Probabilities[row]) / Patients.Probabilities[row]);
            double sum = data.GetProperty("shap_values")[0][row].EnumerateArray().Sum(static v => v.GetDouble());
            (expected + sum).Should().BeApproximately(logOdds, 1e-3);
        }
    }

    /// <summary>Needs Debian's python3-grpcio and python3-grpc-tools.</summary>
    [Fact]
    [Trait("Category", "Interop")]
    public async Task Readme_PythonClient_PrintsTheShownLines()
    {
        using Process python = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(SampleProcess.Folder, "requests", "grpc_infer.py"), $"127.0.0.1:{sample.GrpcPort}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(SampleProcess.Folder, "..", ".."),
        })!;
        string[] printed = (await python.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await python.WaitForExitAsync();

        python.ExitCode.Should().Be(0);
        printed.Should().HaveCount(3);
        (await File.ReadAllLinesAsync(Path.Combine(SampleProcess.Folder, "README.md"))).Should().Contain(printed);
    }

    private static void CheckV2(JsonElement answer)
    {
        JsonElement[] outputs = [.. answer.GetProperty("outputs").EnumerateArray()];
        outputs.Select(o => o.GetProperty("name").GetString()).Should().Equal("label", "probability", "risk_tier");
        outputs.Select(o => o.GetProperty("datatype").GetString()).Should().Equal("BYTES", "FP32", "BYTES");
        JsonElement[] data = [.. outputs.Select(o => o.GetProperty("data"))];
        Check(
            [.. data[0].EnumerateArray().Select(e => e.GetString()!)],
            [.. data[1].EnumerateArray().Select(e => (float)e.GetDouble())],
            [.. data[2].EnumerateArray().Select(e => e.GetString()!)]);
    }

    private static void Check(string[] labels, float[] probabilities, string[] riskTiers)
    {
        labels.Should().Equal(Patients.Labels);
        riskTiers.Should().Equal(Patients.RiskTiers);
        probabilities.Should().Equal(InProcess(), "no protocol may change a bit");
        for (int row = 0; row < Patients.Count; row++)
        {
            probabilities[row].Should().BeApproximately((float)Patients.Probabilities[row], 3e-7f);
        }
    }

    private static float[] InProcess()
    {
        using var model = new OnnxModel(Patients.ModelPath);
        float[] both = model.Run([Tensor.Create("input", Patients.Values, Patients.Count, 30)], ["probabilities"])[0].ToArray<float>();
        return [.. both.Where((_, i) => i % 2 == 0)];
    }

    private static string Patient(int row) => Patient(row, "", "");

    private static string Patient(int row, string changed, string value) =>
        "{" + string.Join(",", Patients.Names.Select((name, column) =>
            $"\"{name}\":{(name == changed ? value : $"{Patients.Values[row * 30 + column]}")}")) + "}";

    private static string Column(int column) =>
        string.Join(",", Enumerable.Range(0, Patients.Count).Select(row => Patients.Values[row * 30 + column]));

    private static string[] Texts(ReadOnlySpan<byte> data)
    {
        List<string> texts = [];
        while (data.Length > 0)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(data);
            texts.Add(Encoding.UTF8.GetString(data.Slice(4, length)));
            data = data[(4 + length)..];
        }

        return [.. texts];
    }

    private async Task<JsonElement> PostAsync(string path, string json)
    {
        using HttpResponseMessage answer = await sample.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        string body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<string?> RefusedAsync(string path, string json)
    {
        using HttpResponseMessage answer = await sample.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).Should().Be(400);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString();
    }
}
