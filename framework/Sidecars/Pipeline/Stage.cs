namespace Sidecars.Pipeline;

/// <summary>Where in a call something happened.</summary>
internal enum Stage : byte
{
    Decode,
    Preprocess,
    Predict,
    Explain,
    Postprocess,
    Encode,
}
