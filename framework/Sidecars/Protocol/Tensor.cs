using System.Runtime.InteropServices;
using Sidecars.Protocol;

namespace Sidecars;

/// <summary>
/// A named tensor: a datatype, a shape and one contiguous run of bytes, row-major and little-endian as on the wire.
/// A tensor that arrived binary or over gRPC is a view of the request's own bytes.
/// </summary>
/// <remarks>
/// Tensors of a request or response live as long as the call does: their memory goes back to a pool afterwards.
/// Take <see cref="ToArray{T}"/> of what must outlive it.
/// </remarks>
public sealed class Tensor
{
    private readonly long[] _shape;

    internal Tensor(
        string name,
        Datatype datatype,
        long[] shape,
        Memory<byte> data,
        IReadOnlyDictionary<string, object>? parameters = null)
    {
        Name = name;
        Datatype = datatype;
        _shape = shape;
        RawData = data;
        Parameters = parameters;
        Count = (int)Shapes.Count(shape);
    }

    /// <summary>
    /// The name. Empty for a tensor built without one: it then goes to the predictor under the name the predictor's
    /// metadata gives, or as <c>input-0</c> (<c>output-0</c> on the way back), counting from 0.
    /// </summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public Datatype Datatype { get; }

    /// <summary>The dimensions, outermost first. Empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public int Count { get; }

    /// <summary>The tensor's own parameters (numbers, booleans, strings), or null.</summary>
    public IReadOnlyDictionary<string, object>? Parameters { get; }

    /// <summary>
    /// The elements as on the wire: little-endian, no padding; each BYTES element after its length, 4 bytes
    /// little-endian.
    /// </summary>
    public ReadOnlyMemory<byte> Data => RawData;

    internal Memory<byte> RawData { get; }

    internal long[] Dimensions => _shape;

    /// <summary>Whether a hook took <see cref="Edit{T}"/>: what arrived is then no longer what goes out.</summary>
    internal bool Edited { get; private set; }

    /// <summary>Makes a tensor over an array, without copying it.</summary>
    /// <param name="name">The name, or an empty string to leave it to the predictor's metadata.</param>
    /// <param name="data">The elements, row-major. The tensor keeps the array.</param>
    /// <param name="shape">The dimensions; none means one dimension of all elements.</param>
    /// <exception cref="ArgumentException">The shape does not have as many elements as the array.</exception>
    /// <exception cref="NotSupportedException">No datatype holds <typeparamref name="T"/>.</exception>
    public static Tensor Create<T>(string name, T[] data, params ReadOnlySpan<long> shape) where T : unmanaged =>
        new(name, DatatypeFacts.Of<T>(), Shapes.For(data.Length, shape), Bytes(data));

    /// <summary>Makes a matrix of rows of equal length.</summary>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Tensor FromRows<T>(string name, IReadOnlyList<T[]> rows) where T : unmanaged
    {
        int columns = rows.Count == 0 ? 0 : rows[0].Length;
        T[] all = new T[rows.Count * columns];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ArgumentException($"Row {i} has {rows[i].Length} values, row 0 has {columns}.", nameof(rows));
            }

            rows[i].CopyTo(all, i * columns);
        }

        return Create(name, all, rows.Count, columns);
    }

    /// <summary>Makes a BYTES tensor of texts, as UTF-8.</summary>
    /// <param name="name">The name.</param>
    /// <param name="texts">The elements.</param>
    /// <param name="shape">The dimensions; none means one dimension of all elements.</param>
    public static Tensor FromStrings(string name, IReadOnlyList<string> texts, params ReadOnlySpan<long> shape) =>
        new(name, Datatype.BYTES, Shapes.For(texts.Count, shape), BytesElements.Pack(texts));

    /// <summary>Makes a BYTES tensor of byte strings.</summary>
    public static Tensor FromBytes(
        string name, IReadOnlyList<ReadOnlyMemory<byte>> elements, params ReadOnlySpan<long> shape) =>
        new(name, Datatype.BYTES, Shapes.For(elements.Count, shape), BytesElements.Pack(elements));

    /// <summary>Makes a tensor of any datatype over its wire bytes; the way to make FP16 and BF16 from raw bits.</summary>
    /// <exception cref="InferenceException">The bytes are not what the datatype and the shape ask for.</exception>
    public static Tensor FromRaw(string name, Datatype datatype, Memory<byte> data, params ReadOnlySpan<long> shape)
    {
        long[] dimensions = shape.ToArray();
        Shapes.CheckRaw("tensor", name, datatype, dimensions, data.Span);
        return new Tensor(name, datatype, dimensions, data);
    }

    /// <summary>
    /// The elements as a span over the tensor's own memory. <typeparamref name="T"/> must be the datatype's .NET type
    /// (<see cref="ushort"/> for BF16).
    /// </summary>
    /// <exception cref="InferenceException">The tensor is of another datatype; the message names both.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged => Cast<T>();

    /// <summary>
    /// The elements for writing in place, which spares a copy. What goes out is then encoded anew; the request's
    /// <see cref="InferMessage.Body"/> may or may not show the change.
    /// </summary>
    /// <exception cref="InferenceException">The tensor is of another datatype.</exception>
    public Span<T> Edit<T>() where T : unmanaged
    {
        Span<T> span = Cast<T>();
        Edited = true;
        return span;
    }

    /// <summary>Copies the elements out, converting between number types as a C# cast would.</summary>
    /// <exception cref="InferenceException">The tensor is BYTES.</exception>
    public T[] ToArray<T>() where T : unmanaged, System.Numerics.INumberBase<T>
    {
        T[] result = new T[Count];
        ElementConversion.Copy(this, result.AsSpan());
        return result;
    }

    /// <summary>The elements of a BYTES tensor as text.</summary>
    /// <exception cref="InferenceException">The tensor is not BYTES, or an element is not UTF-8.</exception>
    public string[] ReadStrings() => BytesElements.ReadStrings(this);

    /// <summary>The elements of a BYTES tensor, as views of its memory.</summary>
    /// <exception cref="InferenceException">The tensor is not BYTES.</exception>
    public ReadOnlyMemory<byte>[] ReadBytes() => BytesElements.Read(this);

    /// <summary>The same elements, over the same memory, with these parameters instead.</summary>
    /// <param name="parameters">Numbers, booleans and strings; null for none.</param>
    public Tensor WithParameters(IReadOnlyDictionary<string, object>? parameters) => new(Name, Datatype, _shape, RawData, parameters);

    /// <summary>The same elements under another name, shape or set of parameters.</summary>
    internal Tensor With(string name, long[]? shape = null) => new(name, Datatype, shape ?? _shape, RawData, Parameters);

    private static Memory<byte> Bytes<T>(T[] data) where T : unmanaged =>
        data is byte[] bytes ? bytes : new ArrayMemory<T>(data).Memory;

    private Span<T> Cast<T>() where T : unmanaged
    {
        if (!Datatype.Holds<T>())
        {
            throw InferenceException.InvalidInput(
                $"tensor '{Name}' has datatype {Datatype.Name()}, expected {DatatypeFacts.Of<T>().Name()}");
        }

        return MemoryMarshal.Cast<byte, T>(RawData.Span);
    }
}
