namespace Sidecars.Pipeline;

/// <summary>How long each stage of a call took, in seconds; zero for one that did not run.</summary>
internal sealed class StageTimes
{
    public double Preprocess { get; set; }

    public double Predict { get; set; }

    public double Explain { get; set; }

    public double Postprocess { get; set; }
}
