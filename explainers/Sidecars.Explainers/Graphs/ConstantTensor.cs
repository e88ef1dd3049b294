using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>Numbers that stand in an ONNX file.</summary>
/// <param name="Dims">The shape; empty for a single number.</param>
/// <param name="Values">The numbers, row-major.</param>
internal sealed record ConstantTensor(int[] Dims, double[] Values)
{
    /// <summary>Reads a tensor; null for types that are not read, numbers kept in other files, and shapes that their
    /// numbers do not fill.</summary>
    public static ConstantTensor? Read(TensorProto tensor)
    {
        try
        {
            double[] values = NodeAttributes.Numbers(tensor, tensor.Name);
            return new ConstantTensor([.. tensor.Dims.Select(static d => (int)d)], values);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
