namespace Sidecars.Explainers.Shap;

/// <summary>Refuses what cannot be explained, naming the option.</summary>
internal static class KernelOptions
{
    private const int MostSamples = 1 << 24;

    /// <exception cref="InferenceException">Something is wrong with the options or the rows.</exception>
    public static void Check(IScorer scorer, TabularData rows, Background background, ShapOptions options)
    {
        string? wrong =
            rows.Rows == 0 ? "There are no rows to explain."
            : rows.Features != background.Rows.Features
                ? $"A row has {rows.Features} features, and the background has {background.Rows.Features}."
            : rows.Features != scorer.Features ? $"A row has {rows.Features} features, and the model takes {scorer.Features}."
            : options.NSamples is < 1 or > MostSamples ? $"nsamples must be from 1 to {MostSamples}, and is {options.NSamples}."
            : options.StopAt is not null and not > 0 ? FormattableString.Invariant($"stop_at must be above 0, and is {options.StopAt}.")
            : options.Deadline < TimeSpan.Zero ? "deadline must not be negative."
            : options.Interactions && L1Mode.Parse(options.L1Reg).Rule != L1Rule.Off ? "interactions cannot be had with l1_reg."
            : null;
        if (wrong is not null)
        {
            throw InferenceException.InvalidInput(wrong);
        }
    }
}
