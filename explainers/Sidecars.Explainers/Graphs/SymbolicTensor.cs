namespace Sidecars.Explainers.Graphs;

/// <summary>A tensor of a graph whose first dimension is the row, and of which every number of a row is understood.</summary>
/// <param name="Dims">The dimensions after the first.</param>
/// <param name="Columns">The numbers of one row, row-major over <paramref name="Dims"/>.</param>
internal sealed record SymbolicTensor(int[] Dims, AdditiveColumn[] Columns)
{
    /// <summary>A matrix: [rows, columns].</summary>
    public static SymbolicTensor Matrix(AdditiveColumn[] columns) => new([columns.Length], columns);

    /// <summary>Which dimension an ONNX axis names, counted in <see cref="Dims"/>; -1 for that of the rows.</summary>
    public int Axis(long axis) => (int)(axis < 0 ? axis + Dims.Length : axis - 1);

    /// <summary>Picks along one of <see cref="Dims"/>.</summary>
    public SymbolicTensor? Pick(int axis, ReadOnlySpan<int> indices)
    {
        if (axis < 0 || axis >= Dims.Length)
        {
            return null;
        }

        int inner = Dims.AsSpan(axis + 1).Product();
        List<AdditiveColumn> columns = [];
        for (int outer = 0; outer < Dims.AsSpan(0, axis).Product(); outer++)
        {
            foreach (int index in indices)
            {
                if (index < 0 || index >= Dims[axis])
                {
                    return null;
                }

                columns.AddRange(Columns.AsSpan(((outer * Dims[axis]) + index) * inner, inner));
            }
        }

        int[] dims = [.. Dims];
        dims[axis] = indices.Length;
        return new SymbolicTensor(dims, [.. columns]);
    }

    /// <summary>Joins tensors along one of their <see cref="Dims"/>.</summary>
    public static SymbolicTensor? Concat(int axis, ReadOnlySpan<SymbolicTensor> parts)
    {
        int[] dims = [.. parts[0].Dims];
        if (axis < 0 || axis >= dims.Length)
        {
            return null;
        }

        int outer = dims.AsSpan(0, axis).Product();
        dims[axis] = 0;
        foreach (SymbolicTensor part in parts)
        {
            if (part.Dims.Length != dims.Length || part.Columns.Length != outer * part.Dims.AsSpan(axis).Product())
            {
                return null;
            }

            dims[axis] += part.Dims[axis];
        }

        List<AdditiveColumn> columns = [];
        for (int o = 0; o < outer; o++)
        {
            foreach (SymbolicTensor part in parts)
            {
                int size = part.Columns.Length / outer;
                columns.AddRange(part.Columns.AsSpan(o * size, size));
            }
        }

        return dims.AsSpan().Product() == columns.Count ? new SymbolicTensor(dims, [.. columns]) : null;
    }
}
