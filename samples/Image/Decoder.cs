using System.Globalization;
using Sidecars;
using SkiaSharp;

namespace Image;

/// <summary>Decodes one image and draws the middle of it, as a square of 224 pixels.</summary>
internal sealed class Decoder(long maxPixels)
{
    // Scaling the shorter side to 256 and cutting 224 from the middle is the same as drawing this part of it.
    private const float Kept = 224f / 256;

    private static readonly SKSamplingOptions s_sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>Fills one image of the tensor.</summary>
    /// <exception cref="InferenceException">It is too large, or cannot be decoded; the message names the instance.</exception>
    public void Decode(ReadOnlyMemory<byte> encoded, int instance, Span<float> to)
    {
        using SKData data = SKData.CreateCopy(encoded.Span);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            throw Refuse(instance, $"the bytes are no image that can be decoded (PNG, JPEG, WebP, GIF, BMP)");
        }

        // A few bytes can claim any size, so the header decides before there is memory for the pixels.
        SKImageInfo header = codec.Info;
        if ((long)header.Width * header.Height > maxPixels)
        {
            throw Refuse(instance, $"{header.Width} x {header.Height} pixels are more than the {maxPixels} allowed");
        }

        using var whole = new SKBitmap();
        var info = new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        if (!whole.TryAllocPixels(info))
        {
            throw Refuse(instance, $"there is no memory for {header.Width} x {header.Height} pixels");
        }

        SKCodecResult result = codec.GetPixels(info, whole.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw Refuse(instance, $"the image is cut short or damaged ({result})");
        }

        using SKBitmap square = DrawMiddle(whole);
        ImageTensor.Normalize(square.GetPixelSpan(), to);
    }

    private static SKBitmap DrawMiddle(SKBitmap whole)
    {
        float side = Math.Min(whole.Width, whole.Height) * Kept;
        SKRect middle = SKRect.Create((whole.Width - side) / 2, (whole.Height - side) / 2, side, side);
        var square = new SKBitmap(new SKImageInfo(ImageTensor.Side, ImageTensor.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        whole.SetImmutable();
        using SKImage image = SKImage.FromBitmap(whole);
        using var canvas = new SKCanvas(square);

        // What is transparent shows white, as on a page.
        canvas.Clear(SKColors.White);
        canvas.DrawImage(image, middle, SKRect.Create(ImageTensor.Side, ImageTensor.Side), s_sampling, null);
        canvas.Flush();
        return square;
    }

    private static InferenceException Refuse(int instance, FormattableString why) =>
        InferenceException.InvalidInput($"instance {instance}: {why.ToString(CultureInfo.InvariantCulture)}");
}
