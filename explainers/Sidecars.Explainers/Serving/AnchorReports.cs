using System.Globalization;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Progress;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// Tells the caller of a search: of one row what its rule looks like, which has no fraction, since nobody knows how long a
/// search goes on; of many how many are done.
/// </summary>
internal sealed class AnchorReports
{
    private readonly ReportPace _pace;
    private readonly Action _report;
    private readonly IProgress<ExplainProgress> _caller;
    private readonly int _rows;
    private int _done;
    private long _predictions;

    private AnchorReports(IProgress<ExplainProgress> caller, int rows, TimeProvider time)
    {
        _caller = caller;
        _rows = rows;
        _pace = new ReportPace(time);
        _report = () => _caller.Report(ManyRows(Volatile.Read(ref _done), _rows, Interlocked.Read(ref _predictions)));
    }

    /// <summary>The reports of a call; null when nobody listens.</summary>
    public static AnchorReports? For(ExplanationCall call) =>
        call.Progress is { } caller ? new AnchorReports(caller, call.Rows.Rows, call.Time) : null;

    /// <summary>Who listens to the search of one row.</summary>
    public IProgress<AnchorProgress> OfRow()
    {
        if (_rows == 1)
        {
            return new Listener<AnchorProgress>(search => _caller.Report(OneRow(search)));
        }

        long known = 0;
        return new Listener<AnchorProgress>(search =>
        {
            Interlocked.Add(ref _predictions, search.Predictions - known);
            known = search.Predictions;
            _pace.Try(_report);
        });
    }

    /// <summary>A row has its anchor.</summary>
    public void RowDone()
    {
        if (_rows > 1)
        {
            Interlocked.Increment(ref _done);
            _pace.Try(_report);
        }
    }

    public static ExplainProgress OneRow(AnchorProgress search)
    {
        string rule = search.Predicates.Count switch
        {
            0 => "no condition yet",
            1 => "1 condition",
            int many => $"{many} conditions",
        };
        return new ExplainProgress(string.Create(
            CultureInfo.InvariantCulture,
            $"{rule}, precision {search.PrecisionInterval.Low:F2} to {search.PrecisionInterval.High:F2}, {NumberText.Count(search.Predictions)} rows scored"));
    }

    public static ExplainProgress ManyRows(int done, int rows, long predictions) => new(
        $"{NumberText.Count(done)} of {NumberText.Count(rows)} rows explained, {NumberText.Count(predictions)} rows scored", (double)done / rows);
}
