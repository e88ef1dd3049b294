namespace Sidecars.Explainers.Answers;

/// <summary>What a badge says before it is read.</summary>
internal enum BadgeTone
{
    /// <summary>A fact that is neither.</summary>
    Plain,

    /// <summary>It is as one would wish.</summary>
    Good,

    /// <summary>Something has to be known before the answer is relied on.</summary>
    Warn,
}
