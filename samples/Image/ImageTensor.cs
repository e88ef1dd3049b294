namespace Image;

/// <summary>The numbers of one image as ImageNet's models take them: [3, 224, 224], each colour less its mean, over its deviation.</summary>
internal static class ImageTensor
{
    public const int Side = 224;

    public const int Pixels = Side * Side;

    public const int Length = 3 * Pixels;

    // The means and deviations of ImageNet's pictures, red, green, blue: what its published models are trained with.
    public static IReadOnlyList<float> Mean { get; } = [0.485f, 0.456f, 0.406f];

    public static IReadOnlyList<float> Deviation { get; } = [0.229f, 0.224f, 0.225f];

    private static readonly float[][] s_normalized = [.. Enumerable.Range(0, 3).Select(static channel =>
        Enumerable.Range(0, 256).Select(value => ((value / 255f) - Mean[channel]) / Deviation[channel]).ToArray())];

    /// <summary>Turns RGBA bytes, pixel by pixel, into three planes of numbers.</summary>
    public static void Normalize(ReadOnlySpan<byte> rgba, Span<float> to)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            float[] normalized = s_normalized[channel];
            Span<float> plane = to.Slice(channel * Pixels, Pixels);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = normalized[rgba[(i * 4) + channel]];
            }
        }
    }
}
