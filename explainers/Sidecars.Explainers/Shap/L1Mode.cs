using System.Globalization;

namespace Sidecars.Explainers.Shap;

/// <summary>How players are chosen before the fit.</summary>
/// <param name="Rule">By which rule.</param>
/// <param name="Number">The number of players to choose, or the penalty.</param>
internal readonly record struct L1Mode(L1Rule Rule, double Number = 0)
{
    /// <summary>Reads <see cref="ShapOptions.L1Reg"/>.</summary>
    /// <exception cref="InferenceException">It is none of the known.</exception>
    public static L1Mode Parse(string text)
    {
        string word = text.Trim();
        const string Features = "num_features(";
        if (word.StartsWith(Features, StringComparison.OrdinalIgnoreCase) && word.EndsWith(')')
            && int.TryParse(word.AsSpan()[Features.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return new L1Mode(L1Rule.NumFeatures, count);
        }

        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double penalty) && penalty >= 0 && double.IsFinite(penalty))
        {
            return penalty == 0 ? default : new L1Mode(L1Rule.Penalty, penalty);
        }

        return word.ToUpperInvariant() switch
        {
            "OFF" or "FALSE" or "NONE" or "" => default,
            "AUTO" => new L1Mode(L1Rule.Auto),
            "AIC" => new L1Mode(L1Rule.Aic),
            "BIC" => new L1Mode(L1Rule.Bic),
            _ => throw InferenceException.InvalidInput(
                $"l1_reg is '{text}'; known are off, auto, aic, bic, num_features(k) with k from 1, and a penalty from 0."),
        };
    }

    /// <summary>The rule for a number of coalitions: <c>auto</c> is <c>aic</c> below a fifth of all there are, and <c>off</c> above.</summary>
    public L1Mode For(int players, int coalitions) =>
        Rule != L1Rule.Auto ? this
        : coalitions < 0.2 * (Math.Pow(2, players) - 2) ? new L1Mode(L1Rule.Aic)
        : default;
}
