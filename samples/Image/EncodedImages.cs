using System.Buffers;
using System.Buffers.Text;
using Sidecars;

namespace Image;

/// <summary>Finds the encoded images in a request.</summary>
internal static class EncodedImages
{
    /// <summary>
    /// The elements of the tensor "image", or of the only tensor there is. V1's <c>{"b64": …}</c> has become bytes by
    /// then; a text of base64, which V2 JSON callers send, becomes bytes here: no image file is base64 text itself.
    /// </summary>
    public static ReadOnlyMemory<byte>[] Read(IReadOnlyList<Tensor> inputs)
    {
        Tensor images = inputs.FirstOrDefault(static t => t.Name == "image")
            ?? (inputs.Count == 1 ? inputs[0] : throw InferenceException.InvalidInput("there is no 'image' among the inputs"));
        ReadOnlyMemory<byte>[] elements = images.ReadBytes();
        for (int i = 0; i < elements.Length; i++)
        {
            if (!elements[i].IsEmpty && Base64.IsValid(elements[i].Span))
            {
                byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(elements[i].Length)];
                if (Base64.DecodeFromUtf8(elements[i].Span, bytes, out _, out int length) == OperationStatus.Done)
                {
                    elements[i] = bytes.AsMemory(0, length);
                }
            }
        }

        return elements;
    }
}
