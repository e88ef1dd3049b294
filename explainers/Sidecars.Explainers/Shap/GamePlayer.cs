using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Plays coalitions: makes the rows the model has to score, in pieces of bounded size that several games may share, and
/// averages the scores over the background.
/// </summary>
/// <param name="scorer">The model.</param>
/// <param name="rows">The explained rows.</param>
/// <param name="background">Where absent columns come from.</param>
/// <param name="outputs">How many scores a row has.</param>
/// <param name="reporter">Hears what was played; null for nobody.</param>
internal sealed class GamePlayer(IScorer scorer, TabularData rows, Background background, int outputs, ShapReporter? reporter) : IDisposable
{
    /// <summary>The most rows in one call; one coalition's stay together.</summary>
    public const int MostRows = 16_384;

    private readonly List<Piece> _pieces = [];
    private readonly int _features = rows.Features;
    private float[] _buffer = [];
    private int _filled;

    /// <summary>Plays every game up to a rung.</summary>
    /// <param name="games">Games that have reached the rung before.</param>
    /// <param name="rung">The rung.</param>
    /// <param name="goOn">Asked before each call of the model; false ends the round, which then counts as not played.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether the round was played to its end.</returns>
    public async ValueTask<bool> PlayAsync(IReadOnlyList<Game> games, int rung, Func<bool> goOn, CancellationToken cancellation)
    {
        _pieces.Clear();
        _filled = 0;
        foreach (Game game in games)
        {
            CoalitionTable table = game.Table!;
            (int from, int to) = table.RangeAt(rung);
            if (game.Worth.Length == 0)
            {
                game.Worth = new double[2 * table.Plan.Pairs.Count * outputs];
            }

            if (scorer is ICoalitionScorer { ScoresCoalitions: true } whole)
            {
                if (!goOn())
                {
                    return false;
                }

                Scores scores = await whole.ScoreCoalitionsAsync(Row(game), table.SetAt(rung), background, cancellation).ConfigureAwait(false);
                scores.Values.Span.CopyTo(game.Worth.AsSpan(from * outputs));
                reporter?.Played(to - from);
                continue;
            }

            for (int coalition = from; coalition < to; coalition++)
            {
                int needed = table.Cells[coalition].Rows.Length;
                if (_filled > 0 && _filled + needed > MostRows && !(goOn() && await FlushAsync(cancellation).ConfigureAwait(false)))
                {
                    return false;
                }

                Fill(game, coalition);
            }
        }

        return _filled == 0 || (goOn() && await FlushAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Gives the buffer back; no call of the model may be under way.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<float>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private ReadOnlyMemory<float> Row(Game game) => rows.Values.Slice(game.Row * _features, _features);

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        Scores scores = await scorer.ScoreAsync(_buffer.AsMemory(0, _filled * _features), cancellation).ConfigureAwait(false);
        Average(scores.Values.Span);
        reporter?.Played(_pieces.Count);
        _pieces.Clear();
        _filled = 0;
        return true;
    }

    private void Average(ReadOnlySpan<double> scores)
    {
        int at = 0;
        foreach ((Game game, int coalition) in _pieces)
        {
            ReadOnlySpan<double> weights = game.Table!.Cells[coalition].Weights.Span;
            Span<double> worth = game.Worth.AsSpan(coalition * outputs, outputs);
            worth.Clear();
            foreach (double weight in weights)
            {
                for (int output = 0; output < worth.Length; output++)
                {
                    worth[output] += weight * scores[at++];
                }
            }
        }
    }

    /// <summary>Adds a coalition's rows: the explained row where it keeps a column, a background row where not.</summary>
    private void Fill(Game game, int coalition)
    {
        CoalitionTable table = game.Table!;
        ReadOnlySpan<int> needed = table.Cells[coalition].Rows.Span;
        int end = (_filled + needed.Length) * _features;
        if (_buffer.Length < end)
        {
            float[] larger = ArrayPool<float>.Shared.Rent(Math.Max(end, Math.Min(4 * end, MostRows * _features)));
            _buffer.AsSpan(0, _filled * _features).CopyTo(larger);
            Dispose();
            _buffer = larger;
        }

        // The row's bits where kept and zeros elsewhere, and ones for what comes from the background.
        Span<uint> kept = stackalloc uint[_features <= 512 ? _features : 0];
        kept = kept.Length == _features ? kept : new uint[_features];
        Span<uint> open = stackalloc uint[_features <= 512 ? _features : 0];
        open = open.Length == _features ? open : new uint[_features];
        ReadOnlySpan<byte> mask = table.Masks.Span.Slice(coalition * _features, _features);
        ReadOnlySpan<uint> row = MemoryMarshal.Cast<float, uint>(Row(game).Span);
        for (int column = 0; column < _features; column++)
        {
            open[column] = mask[column] == 0 ? uint.MaxValue : 0;
            kept[column] = row[column] & ~open[column];
        }

        ReadOnlySpan<uint> source = MemoryMarshal.Cast<float, uint>(background.Rows.Values.Span);
        Span<uint> target = MemoryMarshal.Cast<float, uint>(_buffer.AsSpan(_filled * _features, needed.Length * _features));
        for (int i = 0; i < needed.Length; i++)
        {
            Merge(source.Slice(needed[i] * _features, _features), kept, open, target.Slice(i * _features, _features));
        }

        _pieces.Add(new Piece(game, coalition));
        _filled += needed.Length;
    }

    private static void Merge(ReadOnlySpan<uint> source, ReadOnlySpan<uint> kept, ReadOnlySpan<uint> open, Span<uint> target)
    {
        int width = Vector128<uint>.Count;
        int i = 0;
        for (; i <= target.Length - width; i += width)
        {
            Merge4(source, kept, open, target, i);
        }

        if (i < target.Length && target.Length >= width)
        {
            // The last columns once more, together with some before them: cheaper than one by one.
            Merge4(source, kept, open, target, target.Length - width);
            return;
        }

        for (; i < target.Length; i++)
        {
            target[i] = kept[i] | (source[i] & open[i]);
        }
    }

    private static void Merge4(ReadOnlySpan<uint> source, ReadOnlySpan<uint> kept, ReadOnlySpan<uint> open, Span<uint> target, int at) =>
        (Vector128.Create(kept[at..]) | (Vector128.Create(source[at..]) & Vector128.Create(open[at..]))).CopyTo(target[at..]);

    private readonly record struct Piece(Game Game, int Coalition);
}
