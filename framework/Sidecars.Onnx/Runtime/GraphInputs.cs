namespace Sidecars.Onnx.Runtime;

/// <summary>Finds the tensor for each of a graph's inputs, and says what is wrong when they do not fit.</summary>
internal static class GraphInputs
{
    private const int Shown = 5;

    /// <summary>The tensors in the graph's order. A single one goes to a single input, whatever its name.</summary>
    public static Tensor[] Match(IReadOnlyList<Tensor> given, IReadOnlyList<TensorMetadata> expected)
    {
        if (expected.Count == 1 && given.Count > 1)
        {
            throw InferenceException.InvalidInput(
                $"the model has one input, {Text(expected[0])}; given were {given.Count}: {Names(given)}. "
                + "Join the columns into one tensor first.");
        }

        var matched = new Tensor[expected.Count];
        if (expected.Count == 1 && given.Count == 1)
        {
            matched[0] = given[0];
        }
        else
        {
            Assign(given, expected, matched);
        }

        for (int i = 0; i < matched.Length; i++)
        {
            Check(matched[i], expected[i]);
        }

        return matched;
    }

    private static void Assign(IReadOnlyList<Tensor> given, IReadOnlyList<TensorMetadata> expected, Tensor?[] matched)
    {
        for (int g = 0; g < given.Count; g++)
        {
            int at = IndexOf(expected, given[g].Name);
            if (at < 0)
            {
                throw InferenceException.InvalidInput(
                    $"the model has no input '{given[g].Name}'; its inputs are: {string.Join(", ", expected.Select(Text))}");
            }

            matched[at] = matched[at] is null
                ? given[g]
                : throw InferenceException.InvalidInput($"input '{given[g].Name}' was given twice");
        }

        for (int i = 0; i < matched.Length; i++)
        {
            if (matched[i] is null)
            {
                string instead = given.Count == 0 ? "no input was given" : "given: " + Names(given);
                throw InferenceException.InvalidInput($"input {Text(expected[i])} is missing; {instead}");
            }
        }
    }

    private static int IndexOf(IReadOnlyList<TensorMetadata> expected, string name)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            if (expected[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Check(Tensor tensor, TensorMetadata expected)
    {
        if (tensor.Datatype != expected.Datatype || !Fits(tensor.Shape, expected.Shape))
        {
            throw InferenceException.InvalidInput(
                $"input {Text(expected)} was expected; given: {tensor.Datatype} [{string.Join(',', tensor.Shape.ToArray())}]");
        }
    }

    private static bool Fits(ReadOnlySpan<long> shape, long[] expected)
    {
        // No dimensions: a scalar, or a shape the graph leaves open. The run will tell.
        if (expected.Length == 0)
        {
            return true;
        }

        if (shape.Length != expected.Length)
        {
            return false;
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] >= 0 && expected[i] != shape[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(TensorMetadata input) => $"'{input.Name}' {input.Datatype} [{string.Join(',', input.Shape)}]";

    private static string Names(IReadOnlyList<Tensor> tensors) =>
        string.Join(", ", tensors.Take(Shown).Select(static t => $"'{t.Name}' {t.Datatype} [{string.Join(',', t.Shape.ToArray())}]"))
        + (tensors.Count > Shown ? ", …" : "");
}
