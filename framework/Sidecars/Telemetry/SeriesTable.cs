using System.Collections.Concurrent;

namespace Sidecars.Telemetry;

/// <summary>One series per set of labels. Looking one up takes no lock; making one does, so that <see cref="All"/>
/// keeps the order in which they came.</summary>
internal sealed class SeriesTable<TLabels, TSeries>(Func<TLabels, TSeries> create)
    where TLabels : notnull
{
    private readonly ConcurrentDictionary<TLabels, TSeries> _byLabels = new();
    private readonly Lock _gate = new();
    private volatile TSeries[] _all = [];

    public IReadOnlyList<TSeries> All => _all;

    public TSeries For(TLabels labels) => _byLabels.TryGetValue(labels, out TSeries? series) ? series : Add(labels);

    private TSeries Add(TLabels labels)
    {
        lock (_gate)
        {
            if (!_byLabels.TryGetValue(labels, out TSeries? series))
            {
                series = create(labels);
                _all = [.. _all, series];
                _byLabels[labels] = series;
            }

            return series;
        }
    }
}
