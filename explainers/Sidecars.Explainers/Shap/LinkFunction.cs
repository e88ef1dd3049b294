namespace Sidecars.Explainers.Shap;

/// <summary>Moves averaged scores to the scale on which values add up.</summary>
internal static class LinkFunction
{
    /// <summary>
    /// Half the distance from 1 to the nearest float32 below. Probabilities of 0 and 1 are taken to be this far inside: a
    /// float32 model cannot say it more exactly, and log-odds stay finite, at most 17.3.
    /// </summary>
    public const double Edge = 1.0 / (1 << 25);

    // What rounding may put a probability outside of 0 and 1.
    private const double Slack = 1e-5;

    /// <summary>The value of an averaged score on the link's scale.</summary>
    /// <exception cref="InferenceException">The score is not a number, or log-odds are wanted of what is no probability.</exception>
    public static double Apply(ShapLink link, double mean)
    {
        if (!double.IsFinite(mean))
        {
            throw InferenceException.InferenceError("The model answered with a number that is not finite; there is nothing to explain.");
        }

        if (link == ShapLink.Identity)
        {
            return mean;
        }

        if (mean is < -Slack or > 1 + Slack)
        {
            throw InferenceException.InvalidInput(
                FormattableString.Invariant($"link: logit needs probabilities, and the model answered with {mean}; use identity."));
        }

        double p = Math.Clamp(mean, Edge, 1 - Edge);
        return Math.Log(p / (1 - p));
    }
}
