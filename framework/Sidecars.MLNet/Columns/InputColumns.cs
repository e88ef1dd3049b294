using Microsoft.ML;

namespace Sidecars.MLNet.Columns;

/// <summary>The columns a pipeline takes, and how a request's tensors are found for them.</summary>
internal sealed class InputColumns
{
    private readonly DataViewSchema.Column[] _needed;
    private readonly bool _takesMatrix;

    public InputColumns(DataViewSchema schema, DataViewSchema.Column[] needed)
    {
        Schema = schema;
        _needed = needed;
        Metadata = [.. needed.Select(ColumnType.Describe)];
        _takesMatrix = needed.Length > 1 && needed.All(ColumnType.IsSingleNumber);

        // The first entry types a plain list of rows. Columns that differ in type need one more, of doubles.
        Declared = _takesMatrix && needed.Any(c => c.Type != needed[0].Type)
            ? [new TensorMetadata(FreeName(schema), Datatype.FP64, -1, needed.Length), .. Metadata]
            : Metadata;
    }

    public DataViewSchema Schema { get; }

    /// <summary>The columns as callers see them.</summary>
    public IReadOnlyList<TensorMetadata> Metadata { get; }

    /// <summary>What V1 rows are read as.</summary>
    public IReadOnlyList<TensorMetadata> Declared { get; }

    /// <summary>Finds each column's tensor and checks it.</summary>
    public BoundColumns Bind(IReadOnlyList<Tensor> tensors)
    {
        if (_takesMatrix && tensors.Count == 1 && tensors[0].Shape.Length == 2 && tensors[0].Datatype != Datatype.BYTES)
        {
            tensors = MatrixColumns.Split(tensors[0], Metadata);
        }

        if (tensors.Count == 1 && _needed.Length == 1)
        {
            // There is nothing to mistake it for: clients call the only input of a model what they like.
            return new BoundColumns((int)Rows(tensors[0]), Values(tensors[0]));
        }

        if (tensors is [{ Count: 0 }])
        {
            // V1's empty list of instances says nothing of fields.
            return new BoundColumns(0, new ColumnValues?[Schema.Count]);
        }

        RefuseUnknown(tensors);
        var values = new ColumnValues?[Schema.Count];
        Tensor? first = null;
        for (int i = 0; i < _needed.Length; i++)
        {
            Tensor tensor = Find(tensors, i) ?? throw Missing(tensors, i);
            first ??= tensor;
            if (Rows(tensor) != Rows(first))
            {
                throw InferenceException.InvalidInput(
                    $"input '{_needed[i].Name}' has {Rows(tensor)} rows, input '{_needed[0].Name}' has {Rows(first)}");
            }

            values[_needed[i].Index] = ColumnValues.Create(_needed[i], Metadata[i], tensor, (int)Rows(tensor));
        }

        return new BoundColumns(first is null ? 0 : (int)Rows(first), values);
    }

    private static string FreeName(DataViewSchema schema)
    {
        string name = "rows";
        while (schema.GetColumnOrNull(name) is not null)
        {
            name += "_";
        }

        return name;
    }

    private ColumnValues?[] Values(Tensor only)
    {
        var values = new ColumnValues?[Schema.Count];
        values[_needed[0].Index] = ColumnValues.Create(_needed[0], Metadata[0], only, (int)Rows(only));
        return values;
    }

    private static long Rows(Tensor tensor) => tensor.Shape.IsEmpty ? 1 : tensor.Shape[0];

    /// <summary>By name; a tensor without one, which a hook built, by its place.</summary>
    private Tensor? Find(IReadOnlyList<Tensor> tensors, int column) =>
        tensors.FirstOrDefault(t => t.Name == _needed[column].Name)
        ?? (column < tensors.Count && tensors[column].Name.Length == 0 ? tensors[column] : null);

    private void RefuseUnknown(IReadOnlyList<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            // A column of the training data that the outputs do not need, such as the label, may come along.
            if (tensor.Name.Length > 0 && Schema.GetColumnOrNull(tensor.Name) is null)
            {
                throw InferenceException.InvalidInput($"input '{tensor.Name}' is none of the model's; it takes: {Names()}");
            }
        }
    }

    private InferenceException Missing(IReadOnlyList<Tensor> tensors, int column) => InferenceException.InvalidInput(
        $"input '{_needed[column].Name}' is missing; the model takes: {Names()}"
        + (_takesMatrix && tensors.Count == 1 ? $", or one matrix of {_needed.Length} columns" : ""));

    private string Names() => string.Join(", ", _needed.Select(static c => c.Name));
}
