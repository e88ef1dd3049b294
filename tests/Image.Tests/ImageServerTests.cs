using System.Net;
using Microsoft.Extensions.Configuration;
using Samples.Shared;
using Sidecars;
using SkiaSharp;

namespace Image.Tests;

/// <summary>The sample as a process, as its README starts it.</summary>
public sealed class ImageServerTests : IDisposable
{
    private readonly string _labels = Directory.CreateTempSubdirectory("labels").FullName;

    public ImageServerTests() => File.WriteAllLines(Path.Combine(_labels, "labels.txt"), ["c0", "c1", "c2", "c3", "c4", "c5"]);

    public void Dispose() => Directory.Delete(_labels, recursive: true);

    [Fact]
    public async Task Readme_EveryRequest_GetsTheAnswerItShows()
    {
        await using SampleProcess image = await SampleProcess.StartAsync("Image.dll");
        IReadOnlyList<ReadmeExample> examples = ReadmeExample.Read("Image.md");
        examples.Should().HaveCount(2);
        foreach (ReadmeExample example in examples)
        {
            (_, string text) = await image.PostAsync(example.Path, example.Json);
            ReadmeExample.Rounded(text).Should().Be(ReadmeExample.Rounded(example.Answer));
        }
    }

    [Fact]
    public async Task Example_ThatIsShownToBrowsers_IsAnswered()
    {
        await using SampleProcess image = await SampleProcess.StartAsync("Image.dll");
        using var model = new ImageModel(new SidecarOptions(), new ConfigurationBuilder().Build());

        (HttpStatusCode status, string text) = await image.PostAsync("/v1/models/image:predict", model.Example!.ToJsonString());

        status.Should().Be(HttpStatusCode.OK, text);
    }

    [Fact]
    public async Task Predict_WithAGrpcPredictor_SendsTheNormalisedTensorUnderItsName()
    {
        await using GrpcPredictor predictor = await GrpcPredictor.StartAsync([2, 6], 0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0);
        await using SampleProcess image = await SampleProcess.StartAsync(
            "Image.dll", "--predictor_host", predictor.Host, "--predictor_protocol", "grpc-v2", "--model_dir", _labels);
        (HttpStatusCode status, string text) = await image.PostAsync("/v1/models/image:predict", Pictures.Json(
            Pictures.Encode(256, 256, (x, _) => x < 128 ? SKColors.Red : SKColors.Blue), Pictures.Encode(300, 300, (_, _) => SKColors.Lime)));
        text.Should().Be("""{"predictions":[{"scores":[0.6337,0.2331,0.0858,0.0315,0.0116],"labels":["c5","c4","c3","c2","c1"]},{"scores":[0.6337,0.2331,0.0858,0.0315,0.0116],"labels":["c0","c1","c2","c3","c4"]}]}""");
        status.Should().Be(HttpStatusCode.OK);

        SentTensor tensor = predictor.Sent.Should().ContainSingle().Which;
        tensor.Name.Should().Be("pixels");
        tensor.Datatype.Should().Be("FP32");
        tensor.Shape.Should().Equal(2, 3, 224, 224);
        float[] values = tensor.Values;
        values.Length.Should().Be(2 * 3 * 224 * 224);
        float full = (1 - 0.485f) / 0.229f, none = (0 - 0.485f) / 0.229f;
        values.Take(224 * 224).SequenceEqual(Enumerable.Range(0, 224 * 224).Select(i => i % 224 < 112 ? full : none))
            .Should().BeTrue("the first image's left half is red");
        values[(4 * 224 * 224)..(5 * 224 * 224)].AsSpan().ContainsAnyExcept((1 - 0.456f) / 0.224f).Should().BeFalse("the second image is green");
    }

    [Fact]
    public async Task Infer_OverGrpcWithRawBytes_GivesLabelsAndScores()
    {
        await using SampleProcess image = await SampleProcess.StartAsync("Image.dll");
        await using var client = new InferenceClient(new InferenceClientOptions { Host = $"127.0.0.1:{image.GrpcPort}", Protocol = PredictorProtocol.GrpcV2 });
        using InferResponse answer = await client.InferAsync(
            InferRequest.FromTensors(Tensor.FromBytes("image", [Pictures.Encode(32, 32, (_, _) => new SKColor(220, 30, 30))])), new PredictorCall("image"));
        answer.Output("labels").ReadStrings()[0].Should().Be("red");
        answer.Output("scores").AsSpan<float>()[0].Should().BeApproximately(1, 1e-4f);
        answer.Output("scores").Shape.ToArray().Should().Equal(1, 5);
    }

    [Fact]
    public async Task Predict_OfABadImageAmongGoodOnes_Answers400ThatNamesIt()
    {
        await using SampleProcess image = await SampleProcess.StartAsync("Image.dll");
        (HttpStatusCode status, string text) = await image.PostAsync("/v1/models/image:predict", Pictures.Json(
            Pictures.Encode(8, 8, (_, _) => SKColors.Red), Pictures.Claiming(60_000, 60_000)));
        text.Should().Be("""{"error":"instance 1: 60000 x 60000 pixels are more than the 25000000 allowed"}""");
        status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Predict_OfTooManyImages_Answers400()
    {
        await using SampleProcess image = await SampleProcess.StartAsync("Image.dll");
        byte[] one = Pictures.Encode(2, 2, (_, _) => SKColors.Red);
        (_, string text) = await image.PostAsync("/v1/models/image:predict", Pictures.Json([.. Enumerable.Repeat(one, 65)]));
        text.Should().Be("""{"error":"65 images are more than the 64 allowed in one request"}""");
    }
}
