namespace Sidecars.Onnx.Runtime;

/// <summary>The forms an output can have and still become a tensor.</summary>
internal enum OutputKind : byte
{
    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A sequence of maps from class to score: what ZipMap gives out, one map per row.</summary>
    ScoreMaps,
}
