using Sidecars.Explainers.Progress;

namespace Sidecars.Explainers.Shap;

/// <summary>Counts what is done, from any number of threads, and tells a listener now and then.</summary>
internal sealed class ShapReporter
{
    private readonly ReportPace _pace;
    private readonly Action _report;
    private int _rowsDone;
    private long _coalitions;
    private long _planned;
    private double _error = double.NaN;

    private ShapReporter(IProgress<ShapProgress> listener, TimeProvider time, int rows, long planned)
    {
        _pace = new ReportPace(time);
        _planned = planned;
        _report = () => listener.Report(new ShapProgress(
            Volatile.Read(ref _rowsDone),
            rows,
            Interlocked.Read(ref _coalitions),
            Interlocked.Read(ref _planned),
            Volatile.Read(ref _error) is var error && double.IsNaN(error) ? null : error));
    }

    /// <summary>The reporter of one call; null when nobody listens.</summary>
    public static ShapReporter? For(ShapOptions options, TimeProvider time, int rows, long planned = 0) =>
        options.Progress is { } listener ? new ShapReporter(listener, time, rows, planned) : null;

    /// <summary>Coalitions were played.</summary>
    public void Played(int coalitions)
    {
        Interlocked.Add(ref _coalitions, coalitions);
        _pace.Try(_report);
    }

    /// <summary>A row was looked at: it has this standard error, and does without so many coalitions.</summary>
    public void Estimated(double error, long unneeded)
    {
        Volatile.Write(ref _error, error);
        Interlocked.Add(ref _planned, -unneeded);
        _pace.Try(_report);
    }

    /// <summary>A row has its values.</summary>
    public void RowDone()
    {
        Interlocked.Increment(ref _rowsDone);
        _pace.Try(_report);
    }
}
