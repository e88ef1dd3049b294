namespace Sidecars.Explainers.Shap;

/// <summary>The worth of the empty coalition, which all rows share, and of each row's full one.</summary>
internal sealed class GameEnds
{
    private GameEnds(double[] empty, double[] full, int[]? labels, ShapScale scale)
    {
        Scale = scale;
        Empty = empty;
        Full = full;
        Labels = labels;
    }

    /// <summary>v(∅) on the link's scale, [outputs].</summary>
    public double[] Empty { get; }

    /// <summary>v(N) on the link's scale, [rows, outputs].</summary>
    public double[] Full { get; }

    /// <summary>The class of each row; null for a regression.</summary>
    public int[]? Labels { get; }

    /// <summary>What the numbers are.</summary>
    public ShapScale Scale { get; }

    public int Outputs => Empty.Length;

    public static async ValueTask<GameEnds> ScoreAsync(
        IScorer scorer, TabularData rows, Background background, ShapLink link, CancellationToken cancellation)
    {
        Scores absent = await scorer.ScoreAsync(background.Rows.Values, cancellation).ConfigureAwait(false);
        double[] empty = new double[absent.Outputs];
        for (int i = 0; i < absent.Values.Length; i++)
        {
            empty[i % absent.Outputs] += background.Weights.Span[i / absent.Outputs] * absent.Values.Span[i];
        }

        Scores present = await scorer.ScoreAsync(rows.Values, cancellation).ConfigureAwait(false);
        int[]? labels = present.Kind == ScoreKind.Value ? null : new int[rows.Rows];
        present.ReadLabels(labels);
        return new GameEnds(
            Array.ConvertAll(empty, mean => LinkFunction.Apply(link, mean)),
            Array.ConvertAll(present.Values.ToArray(), score => LinkFunction.Apply(link, score)),
            labels,
            ScaleOf(present.Kind, link));
    }

    private static ShapScale ScaleOf(ScoreKind kind, ShapLink link) => (kind, link) switch
    {
        (_, ShapLink.Logit) => ShapScale.LogOdds,
        (ScoreKind.Probability, _) => ShapScale.Probability,
        (ScoreKind.Margin, _) => ShapScale.Margin,
        (ScoreKind.Label, _) => ShapScale.Label,
        _ => ShapScale.Value,
    };
}
