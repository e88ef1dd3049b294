namespace Sidecars.Explainers.Shap;

/// <summary>Euler's beta function of whole numbers: B(a, b) = ∫ t^(a−1) (1 − t)^(b−1) dt over [0, 1] = (a−1)! (b−1)! / (a+b−1)!.
/// All weights of Shapley values are such.</summary>
internal sealed class BetaTable
{
    private readonly int _size;
    private readonly double[] _values;

    /// <summary>Makes a table for a and b from 1 to <paramref name="largest"/>.</summary>
    public BetaTable(int largest)
    {
        _size = largest + 1;
        _values = new double[_size * _size];
        for (int b = 1; b < _size; b++)
        {
            _values[_size + b] = 1.0 / b;
            for (int a = 2; a < _size; a++)
            {
                _values[(a * _size) + b] = _values[((a - 1) * _size) + b] * (a - 1) / (a - 1 + b);
            }
        }
    }

    /// <summary>B(a, b).</summary>
    public double this[int a, int b] => _values[(a * _size) + b];
}
