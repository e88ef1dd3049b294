namespace Sidecars.Explainers.Graphs;

/// <summary>How a model's answer comes from its margins.</summary>
internal enum ScoreTransform
{
    /// <summary>The margins are the answer.</summary>
    Identity,

    /// <summary>One margin is the probability of the second of two classes: 1 − m and m.</summary>
    Complement,

    /// <summary>One margin is the score of the second of two classes: −m and m.</summary>
    Opposite,

    /// <summary>σ of each margin.</summary>
    Logistic,

    /// <summary>One margin is the log-odds of the second of two classes: σ(−m) and σ(m).</summary>
    LogisticPair,

    /// <summary>σ of each margin, divided by their total.</summary>
    LogisticShare,

    /// <summary>exp of each margin, divided by their total.</summary>
    Softmax,
}
