using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The terms that coalitions of one row add up: for each margin and feature the row's, and those of all background rows
/// side by side; or, where exponentials are asked for and possible, the exponentials of the terms.
/// </summary>
internal sealed class LinearTerms
{
    // Beyond this exponentials might leave the range of float64.
    private const double LargestExponent = 600;

    private readonly LinearModel _model;
    private readonly int _rows;

    /// <summary>Reads the terms of a row and a background.</summary>
    /// <param name="model">The model.</param>
    /// <param name="background">The background.</param>
    /// <param name="row">The row.</param>
    /// <param name="padded">How many places there are for background rows; those too many are zeros.</param>
    /// <param name="exponentSign">exp of which sign times a term is wanted; 0 for the terms themselves.</param>
    public LinearTerms(LinearModel model, Background background, ReadOnlySpan<float> row, int padded, int exponentSign)
    {
        _model = model;
        _rows = background.Rows.Rows;
        Padded = padded;
        Intercepts = [.. model.Intercepts];
        OfRow = [.. Intercepts.Select(_ => new double[model.Features])];
        OfBackground = [.. Intercepts.Select(_ => new double[model.Features * padded])];
        Read(background, row);
        Centre();
        AreExponentials = exponentSign != 0 && AreSmall();
        for (int m = 0; AreExponentials && m < Intercepts.Length; m++)
        {
            DoubleSpans.Exp(OfRow[m], exponentSign);
            DoubleSpans.Exp(OfBackground[m], exponentSign);
            Intercepts[m] = Math.Exp(exponentSign * Intercepts[m]);
        }
    }

    /// <summary>How many places there are for background rows.</summary>
    public int Padded { get; }

    /// <summary>Whether exponentials stand in the place of terms, so that sums become products.</summary>
    public bool AreExponentials { get; }

    /// <summary>What every coalition starts from, [margins].</summary>
    public double[] Intercepts { get; }

    /// <summary>[margins][features].</summary>
    public double[][] OfRow { get; }

    /// <summary>[margins][features, <see cref="Padded"/>].</summary>
    public double[][] OfBackground { get; }

    private void Read(Background background, ReadOnlySpan<float> row)
    {
        double[] term = new double[_model.Margins];
        for (int j = 0; j < _model.Features; j++)
        {
            for (int b = -1; b < _rows; b++)
            {
                Array.Clear(term);
                _model.AddTerm(j, b < 0 ? row[j] : background.Rows[b][j], term);
                for (int m = 0; m < term.Length; m++)
                {
                    if (b < 0)
                    {
                        OfRow[m][j] = term[m];
                    }
                    else
                    {
                        OfBackground[m][(j * Padded) + b] = term[m];
                    }
                }
            }
        }
    }

    // A feature far from zero has large terms that the intercept takes back; each term is moved by that of the first
    // background row, and the intercept with it, so that exponentials stay small.
    private void Centre()
    {
        for (int m = 0; m < Intercepts.Length; m++)
        {
            for (int j = 0; j < _model.Features; j++)
            {
                double centre = OfBackground[m][j * Padded];
                if (!double.IsFinite(centre))
                {
                    continue;
                }

                Intercepts[m] += centre;
                OfRow[m][j] -= centre;
                foreach (ref double term in OfBackground[m].AsSpan(j * Padded, _rows))
                {
                    term -= centre;
                }
            }
        }
    }

    private bool AreSmall()
    {
        for (int m = 0; m < Intercepts.Length; m++)
        {
            double largest = Math.Abs(Intercepts[m]);
            for (int j = 0; j < _model.Features; j++)
            {
                double far = Math.Abs(OfRow[m][j]);
                foreach (double term in OfBackground[m].AsSpan(j * Padded, _rows))
                {
                    far = Math.Max(far, Math.Abs(term));
                }

                largest += far;
            }

            // Not a number is not small either.
            if (!(largest <= LargestExponent))
            {
                return false;
            }
        }

        return true;
    }
}
