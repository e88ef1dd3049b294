using System.Numerics;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>Which of a model's outputs holds the scores.</summary>
/// <param name="Index">Its place among the outputs.</param>
/// <param name="Metadata">What the graph says of it.</param>
/// <param name="Labels">The classes that its labels name; null where it has no labels, or they are indices.</param>
internal sealed record ScoreOutput(int Index, TensorMetadata Metadata, ClassLabels? Labels)
{
    public bool IsText => Metadata.Datatype == Datatype.BYTES;

    /// <summary>Whether these are scores of any kind, and no labels.</summary>
    public bool IsFloat => Metadata.Datatype is Datatype.FP32 or Datatype.FP64 or Datatype.FP16;

    /// <param name="model">The model.</param>
    /// <param name="graph">Its file; null when it could not be read.</param>
    /// <param name="wanted">The output's name; null to choose: the first of floats, then of whole numbers, then of texts.</param>
    /// <param name="classes">The names of the classes in their order; null when nobody says.</param>
    /// <exception cref="SidecarConfigurationException">There is no such output, or none of use.</exception>
    public static ScoreOutput Choose(OnnxModel model, OnnxGraph? graph, string? wanted, IReadOnlyList<string>? classes)
    {
        int index = wanted is null
            ? First(model, static d => d is Datatype.FP32 or Datatype.FP64 or Datatype.FP16)
                ?? First(model, static d => d is Datatype.INT64 or Datatype.INT32)
                ?? First(model, static d => d is Datatype.BYTES)
                ?? throw new SidecarConfigurationException($"{model.Path} has no output that could be scores or labels; it has {Outputs(model)}.")
            : First(model, wanted)
                ?? throw new SidecarConfigurationException($"{model.Path} has no output '{wanted}'; it has {Outputs(model)}.");
        TensorMetadata output = model.Outputs[index];
        IReadOnlyList<string>? known = graph?.ClassesOf(graph.BeforeZipMap(output.Name) ?? output.Name);
        if (classes is not null && known is not null && !classes.SequenceEqual(known) && classes.Order().SequenceEqual(known.Order()))
        {
            throw new SidecarConfigurationException(
                $"The classes are given as {string.Join(", ", classes)}; the model's own order is {string.Join(", ", known)}. Give them in that order.");
        }

        ClassLabels? labels = output.Datatype switch
        {
            Datatype.BYTES => ClassLabels.Of(known ?? classes) ?? throw new SidecarConfigurationException(
                $"{model.Path}: output '{output.Name}' gives labels as text. Name the classes, in the order in which they shall be counted."),
            Datatype.INT64 or Datatype.INT32 => ClassLabels.OfNumbers(known) ?? ClassLabels.OfNumbers(classes),
            _ => null,
        };
        return new ScoreOutput(index, output, labels);
    }

    /// <summary>Asks a binding for the scores: into memory that is there already, where their shape is known.</summary>
    public void Ask(OnnxBinding binding, long[]? shape)
    {
        if (shape is null)
        {
            binding.SetOutput(Index);
            return;
        }

        switch (Metadata.Datatype)
        {
            case Datatype.FP32: binding.SetOutput<float>(Index, shape); break;
            case Datatype.FP64: binding.SetOutput<double>(Index, shape); break;
            case Datatype.FP16: binding.SetOutput<Half>(Index, shape); break;
            case Datatype.INT64: binding.SetOutput<long>(Index, shape); break;
            default: binding.SetOutput<int>(Index, shape); break;
        }
    }

    /// <summary>Copies as many scores out as there is room for, labels as the indices of their classes.</summary>
    public void Read(OnnxBinding binding, Span<double> to)
    {
        switch (Metadata.Datatype)
        {
            case Datatype.FP32: Copy(binding.Output<float>(Index), to); break;
            case Datatype.FP64: Copy(binding.Output<double>(Index), to); break;
            case Datatype.FP16: Copy(binding.Output<Half>(Index), to); break;
            case Datatype.INT64: Copy(binding.Output<long>(Index), to); break;
            default: Copy(binding.Output<int>(Index), to); break;
        }
    }

    /// <summary>The same of labels that are texts.</summary>
    public void Read(Tensor labels, Span<double> to)
    {
        string[] texts = labels.ReadStrings();
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = Labels!.IndexOf(texts[i]);
        }
    }

    private void Copy<T>(ReadOnlySpan<T> from, Span<double> to) where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }

        Labels?.Map(to);
    }

    private static int? First(OnnxModel model, Func<Datatype, bool> fits)
    {
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            if (fits(model.Outputs[i].Datatype))
            {
                return i;
            }
        }

        return null;
    }

    private static int? First(OnnxModel model, string name)
    {
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            if (model.Outputs[i].Name == name)
            {
                return i;
            }
        }

        return null;
    }

    private static string Outputs(OnnxModel model) =>
        string.Join(", ", model.Outputs.Select(static o => $"'{o.Name}' {o.Datatype} [{string.Join(',', o.Shape)}]"));
}
