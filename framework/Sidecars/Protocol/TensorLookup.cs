namespace Sidecars.Protocol;

/// <summary>Finds a tensor by its name.</summary>
internal static class TensorLookup
{
    public static Tensor Find(IReadOnlyList<Tensor> tensors, string name, string role)
    {
        foreach (Tensor tensor in tensors)
        {
            if (tensor.Name == name)
            {
                return tensor;
            }
        }

        string known = tensors.Count == 0 ? "there is none" : "there are: " + string.Join(", ", tensors.Select(t => t.Name));
        throw InferenceException.InvalidInput($"{role} '{name}' is missing; {known}");
    }
}
