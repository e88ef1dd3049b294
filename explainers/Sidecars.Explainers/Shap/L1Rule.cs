namespace Sidecars.Explainers.Shap;

/// <summary>The rules by which players are chosen.</summary>
internal enum L1Rule
{
    /// <summary>All are taken.</summary>
    Off,

    /// <summary><see cref="Aic"/> or <see cref="Off"/>, by the share of coalitions that are played.</summary>
    Auto,

    /// <summary>The point of the lasso's path with the best Akaike criterion.</summary>
    Aic,

    /// <summary>The same with the Bayesian criterion.</summary>
    Bic,

    /// <summary>The first so many of least angle regression.</summary>
    NumFeatures,

    /// <summary>A lasso of given penalty.</summary>
    Penalty,
}
