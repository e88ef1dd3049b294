using Sidecars;
using SkiaSharp;

namespace Image.Tests;

public sealed class DecoderTests
{
    private static readonly SKColor s_orange = new(250, 150, 30);
    private static readonly SKColor s_blue = new(40, 80, 210);

    [Fact]
    public void Decode_OfOneColour_GivesItsNormalisedValuesEverywhere()
    {
        float[] tensor = Decode(Pictures.Encode(300, 500, (_, _) => s_orange));
        Plane(tensor, 0).AsSpan().ContainsAnyExcept(((250 / 255f) - 0.485f) / 0.229f).Should().BeFalse();
        Plane(tensor, 1).AsSpan().ContainsAnyExcept(((150 / 255f) - 0.456f) / 0.224f).Should().BeFalse();
        Plane(tensor, 2).AsSpan().ContainsAnyExcept(((30 / 255f) - 0.406f) / 0.225f).Should().BeFalse();
    }

    [Fact]
    public void Decode_OfAPictureThatNeedsNoScaling_CutsTheMiddle()
    {
        // 512 x 256: the shorter side is 256 already, and columns 144 to 367, rows 16 to 239 stay.
        float[] tensor = Decode(Pictures.Encode(512, 256, (x, y) => new SKColor((byte)(x / 2), (byte)y, x < 256 ? (byte)0 : (byte)255)));
        float[] red = Plane(tensor, 0), green = Plane(tensor, 1), blue = Plane(tensor, 2);
        foreach ((int x, int y) in ((int, int)[])[(0, 0), (223, 0), (0, 223), (223, 223), (111, 100), (112, 100)])
        {
            red[(y * 224) + x].Should().Be(((((x + 144) / 2) / 255f) - 0.485f) / 0.229f, $"red at {x}, {y}");
            green[(y * 224) + x].Should().Be((((y + 16) / 255f) - 0.456f) / 0.224f, $"green at {x}, {y}");
            blue[(y * 224) + x].Should().Be(((x + 144 < 256 ? 0f : 1f) - 0.406f) / 0.225f, $"blue at {x}, {y}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4000)]
    [InlineData(4000, 3)]
    public void Decode_OfAnyProportions_FillsTheSquare(int width, int height) =>
        Plane(Decode(Pictures.Encode(width, height, (_, _) => s_blue)), 2)
            .AsSpan().ContainsAnyExcept(((210 / 255f) - 0.406f) / 0.225f).Should().BeFalse();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_OfLossyFormats_IsCloseToTheColour(SKEncodedImageFormat format) =>
        Plane(Decode(Pictures.Encode(256, 256, (_, _) => s_orange, format)), 0)
            .Max(v => Math.Abs(v - (((250 / 255f) - 0.485f) / 0.229f))).Should().BeLessThan(0.1f);

    [Fact]
    public void Decode_OfTransparentPixels_ShowsWhite() =>
        Plane(Decode(Pictures.Encode(256, 256, (_, _) => new SKColor(255, 0, 0, 0))), 1)
            .AsSpan().ContainsAnyExcept((1 - 0.456f) / 0.224f).Should().BeFalse();

    [Fact]
    public void Decode_OfAHeaderThatClaimsTooMuch_RefusesBeforeDecoding() =>
        Refusal(Pictures.Claiming(30_000, 30_000)).Should().Be("instance 3: 30000 x 30000 pixels are more than the 1000000 allowed");

    [Fact]
    public void Decode_AtTheLimit_IsTaken() => Decode(Pictures.Encode(1000, 1000, (_, _) => s_blue)).Length.Should().Be(3 * 224 * 224);

    [Fact]
    public void Decode_OfAnImageCutShort_SaysSo()
    {
        byte[] whole = Pictures.Encode(200, 200, (x, y) => new SKColor((byte)(x * y), (byte)(x + y), (byte)(x ^ y)));
        Refusal(whole[..(whole.Length / 2)]).Should().StartWith("instance 3: the image is cut short or damaged (");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public void Decode_OfNoImage_SaysWhatIsTaken(string text) => Refusal(System.Text.Encoding.UTF8.GetBytes(text))
        .Should().Be("instance 3: the bytes are no image that can be decoded (PNG, JPEG, WebP, GIF, BMP)");

    private static float[] Decode(byte[] encoded)
    {
        float[] tensor = new float[ImageTensor.Length];
        new Decoder(1_000_000).Decode(encoded, 3, tensor);
        return tensor;
    }

    private static string Refusal(byte[] encoded)
    {
        Action act = () => Decode(encoded);
        return act.Should().Throw<InferenceException>().Where(e => e.Kind == ErrorKind.InvalidInput).Which.Message;
    }

    private static float[] Plane(float[] tensor, int channel) => tensor[(channel * 224 * 224)..((channel + 1) * 224 * 224)];
}
