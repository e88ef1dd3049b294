using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Graphs;

/// <summary>What the categories of one feature add to the margins; an unknown category adds nothing.</summary>
internal sealed class CategoryTable
{
    // Codes that lie close together are found by their distance from the lowest; others in a dictionary.
    private const int MostEmptyPlaces = 1024;

    private readonly long _lowest;
    private readonly int[]? _dense;
    private readonly Dictionary<long, int>? _sparse;

    /// <summary>Makes a table.</summary>
    /// <param name="codes">The categories, all different.</param>
    /// <param name="weights">What each adds, [codes, margins].</param>
    public CategoryTable(long[] codes, double[] weights)
    {
        Codes = codes;
        Weights = weights;
        _lowest = codes.Min();
        UInt128 range = (UInt128)((Int128)codes.Max() - _lowest) + 1;
        if (range <= (UInt128)(codes.Length + MostEmptyPlaces))
        {
            _dense = new int[(int)range];
            Array.Fill(_dense, -1);
        }
        else
        {
            _sparse = [];
        }

        for (int i = 0; i < codes.Length; i++)
        {
            if (_dense is not null)
            {
                _dense[codes[i] - _lowest] = i;
            }
            else
            {
                _sparse![codes[i]] = i;
            }
        }
    }

    /// <summary>The categories.</summary>
    public IReadOnlyList<long> Codes { get; }

    /// <summary>What each adds, [codes, margins].</summary>
    public double[] Weights { get; }

    /// <summary>Which category a value is: its fraction is cut off first, as ONNX Runtime does; -1 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(float value)
    {
        if (_dense is null)
        {
            return float.IsNaN(value) ? -1 : _sparse!.GetValueOrDefault((long)value, -1);
        }

        // What is no number, or beyond the range of long, would be some code after a cast.
        if (!(Math.Abs(value) < long.MaxValue))
        {
            return -1;
        }

        ulong at = (ulong)(long)value - (ulong)_lowest;
        return at < (ulong)_dense.Length ? _dense[at] : -1;
    }
}
