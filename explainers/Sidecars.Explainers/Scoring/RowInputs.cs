using System.Numerics;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// How rows of float32 become a graph's inputs: one matrix as it is, a matrix of another number type, or one input for
/// each feature or run of features.
/// </summary>
internal sealed class RowInputs
{
    private readonly RowInput[] _inputs;

    private RowInputs(RowInput[] inputs, int features, int? fixedRows)
    {
        _inputs = inputs;
        Features = features;
        FixedRows = fixedRows;
    }

    public int Features { get; }

    /// <summary>The number of rows every run takes, where the graph says one; null where any number will do.</summary>
    public int? FixedRows { get; }

    public IReadOnlyList<RowInput> All => _inputs;

    /// <summary>One matrix of all features, whatever its shape is said to be.</summary>
    public static RowInputs Matrix(TensorMetadata input, int features) =>
        new([new RowInput(0, input.Name, input.Datatype, 0, features, IsVector: false)], features, fixedRows: null);

    /// <param name="model">What the model is called in errors.</param>
    /// <param name="declared">Its inputs.</param>
    /// <param name="features">How many features a row has.</param>
    /// <param name="names">What they are called; null when nobody says.</param>
    /// <exception cref="SidecarConfigurationException">Rows of numbers cannot be given to it.</exception>
    public static RowInputs Plan(string model, IReadOnlyList<TensorMetadata> declared, int features, IReadOnlyList<string>? names)
    {
        string[] odd = [.. declared.Where(static i => !IsNumber(i.Datatype)).Select(Text)];
        if (odd.Length > 0)
        {
            throw Misfit(model, $"{string.Join(", ", odd)}: only numbers can be explained. Encode the categories outside the graph, as their codes.");
        }

        if (declared.FirstOrDefault(static i => i.Shape.Length > 2) is { } deep)
        {
            throw Misfit(model, $"{Text(deep)} has {deep.Shape.Length} dimensions, expected [rows, features].");
        }

        var inputs = new RowInput[declared.Count];
        int next = 0;
        bool byName = inputs.Length == features && inputs.Length > 1 && names is not null && declared.All(i => names.Contains(i.Name));
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorMetadata input = declared[i];
            int width = input.Shape switch
            {
                [_, >= 0 and long columns] => (int)columns,
                [_] => 1,
                _ => inputs.Length == 1 ? features : 1,
            };
            int from = byName ? IndexOf(names!, input.Name) : next;
            inputs[i] = new RowInput(i, input.Name, input.Datatype, from, width, IsVector: input.Shape.Length == 1);
            next += width;
        }

        if (next != features)
        {
            throw Misfit(model, $"it takes {next} features ({string.Join(", ", declared.Select(Text))}); the data has {features}.");
        }

        long[] fixedRows = [.. declared.Where(static i => i.Shape is [>= 0, ..]).Select(static i => i.Shape[0]).Distinct()];
        return fixedRows.Length <= 1 && fixedRows is not [0]
            ? new RowInputs(inputs, features, fixedRows is [var rows] ? (int)rows : null)
            : throw Misfit(model, $"its inputs take different numbers of rows: {string.Join(", ", declared.Select(Text))}.");
    }

    /// <summary>Gives rows to a binding; those it can use in place stay where they are.</summary>
    public void Bind(OnnxBinding binding, ReadOnlyMemory<float> rows, int count)
    {
        foreach (RowInput input in _inputs)
        {
            if (input.Datatype == Datatype.FP32 && input.Width == Features)
            {
                binding.SetInput(input.Index, rows, input.Shape(count));
                continue;
            }

            switch (input.Datatype)
            {
                case Datatype.FP32: Copy(rows.Span, input, binding.Input<float>(input.Index, input.Shape(count))); break;
                case Datatype.FP64: Copy(rows.Span, input, binding.Input<double>(input.Index, input.Shape(count))); break;
                case Datatype.FP16: Copy(rows.Span, input, binding.Input<Half>(input.Index, input.Shape(count))); break;
                case Datatype.INT64: CopyWhole(rows.Span, input, binding.Input<long>(input.Index, input.Shape(count))); break;
                default: CopyWhole(rows.Span, input, binding.Input<int>(input.Index, input.Shape(count))); break;
            }
        }
    }

    /// <summary>The same as tensors, for what a binding cannot carry.</summary>
    public Tensor[] ToTensors(ReadOnlySpan<float> rows, int count)
    {
        var tensors = new Tensor[_inputs.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            RowInput input = _inputs[i];
            int size = count * input.Width;
            switch (input.Datatype)
            {
                case Datatype.FP64: tensors[i] = Tensor.Create(input.Name, Copied<double>(rows, input, size), input.Shape(count)); break;
                case Datatype.FP16: tensors[i] = Tensor.Create(input.Name, Copied<Half>(rows, input, size), input.Shape(count)); break;
                case Datatype.FP32: tensors[i] = Tensor.Create(input.Name, Copied<float>(rows, input, size), input.Shape(count)); break;
                case Datatype.INT64: tensors[i] = Tensor.Create(input.Name, CopiedWhole<long>(rows, input, size), input.Shape(count)); break;
                default: tensors[i] = Tensor.Create(input.Name, CopiedWhole<int>(rows, input, size), input.Shape(count)); break;
            }
        }

        return tensors;
    }

    private T[] Copied<T>(ReadOnlySpan<float> rows, RowInput input, int size) where T : unmanaged, INumberBase<T>
    {
        T[] to = new T[size];
        Copy(rows, input, to);
        return to;
    }

    private T[] CopiedWhole<T>(ReadOnlySpan<float> rows, RowInput input, int size) where T : unmanaged, IBinaryInteger<T>
    {
        T[] to = new T[size];
        CopyWhole(rows, input, to);
        return to;
    }

    private void Copy<T>(ReadOnlySpan<float> rows, RowInput input, Span<T> to) where T : unmanaged, INumberBase<T>
    {
        for (int at = 0, row = input.From; at < to.Length; row += Features)
        {
            foreach (float value in rows.Slice(row, input.Width))
            {
                to[at++] = T.CreateTruncating(value);
            }
        }
    }

    /// <summary>Numbers for an integer input must be whole: nothing is rounded silently.</summary>
    private void CopyWhole<T>(ReadOnlySpan<float> rows, RowInput input, Span<T> to) where T : unmanaged, IBinaryInteger<T>
    {
        for (int at = 0, row = input.From; at < to.Length; row += Features)
        {
            foreach (float value in rows.Slice(row, input.Width))
            {
                T whole = T.CreateSaturating(value);
                to[at++] = float.CreateTruncating(whole) == value
                    ? whole
                    : throw InferenceException.InvalidInput($"the model's input '{input.Name}' takes whole numbers, and got {value}");
            }
        }
    }

    public static bool IsNumber(Datatype datatype) =>
        datatype is Datatype.FP32 or Datatype.FP64 or Datatype.FP16 or Datatype.INT64 or Datatype.INT32;

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        int at = 0;
        while (names[at] != name)
        {
            at++;
        }

        return at;
    }

    private static string Text(TensorMetadata input) => $"input '{input.Name}' {input.Datatype} [{string.Join(',', input.Shape)}]";

    private static SidecarConfigurationException Misfit(string model, string reason) => new($"{model} cannot be explained: {reason}");
}
