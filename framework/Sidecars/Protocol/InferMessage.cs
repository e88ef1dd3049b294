using System.Buffers;
using System.Text.Json;
using Sidecars.Protocol;

namespace Sidecars;

/// <summary>
/// What requests and responses have in common: one payload that gives itself out as bytes, as a JSON document or as
/// tensors, whatever protocol it came by. Each view is made when it is first asked for.
/// </summary>
/// <remarks>Its memory goes back to a pool when the call ends. Not thread-safe.</remarks>
public abstract class InferMessage : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly ReadOnlyMemory<byte> _body;
    private byte[]? _rented;
    private JsonDocument? _document;
    private IReadOnlyList<Tensor>? _tensors;
    private InferHead _head = InferHead.Empty;
    private bool _headRead;
    private bool _disposed;

    private protected InferMessage(WireForm form, ReadOnlyMemory<byte> body, string? contentType, int jsonLength = -1)
    {
        Form = form;
        _body = body;
        ContentType = contentType;
        JsonLength = jsonLength;
    }

    private protected InferMessage(IReadOnlyList<Tensor> tensors, InferHead head)
    {
        Form = WireForm.Tensors;
        _tensors = tensors;
        _head = head;
        _headRead = true;
    }

    /// <summary>The bytes as they arrived. Empty for a payload that a hook built from tensors.</summary>
    public ReadOnlyMemory<byte> Body => _disposed ? throw Disposed() : _body;

    /// <summary>The media type the bytes came with, or shall go out with; null for none.</summary>
    public string? ContentType { get; }

    /// <summary>
    /// Whether the bytes are of a type that no protocol knows, such as an image: only <see cref="Body"/> shows them.
    /// </summary>
    public bool IsOpaque => Form == WireForm.Opaque;

    /// <summary>The caller's id of a V2 or gRPC payload; null when there is none.</summary>
    public string? Id => Head.Id;

    /// <summary>The model's name as the payload itself gives it (gRPC requests, V2 answers); null when it does not.</summary>
    public string? ModelName => Head.ModelName;

    /// <summary>
    /// Request or response level parameters of V2 and gRPC: numbers, booleans, strings; of a V2 request also
    /// <c>explain_parameters</c>, a <see cref="JsonElement"/> when it is an object. Null for none.
    /// </summary>
    public IReadOnlyDictionary<string, object>? Parameters => Head.Parameters;

    /// <summary>
    /// The payload as a V1 document: of a V1 payload the JSON value that came, whatever it is; of a V2 or gRPC payload
    /// the object its tensors convert to.
    /// </summary>
    /// <exception cref="InferenceException">The bytes are not JSON, or the tensors have no V1 form.</exception>
    public JsonElement Json => Guard(static m => m.Document.RootElement);

    internal WireForm Form { get; }

    /// <summary>Of a V2 payload with binary tensors: how many bytes of <see cref="Body"/> are its JSON.</summary>
    internal int JsonLength { get; }

    /// <summary>The most nested JSON that is read; the host sets it from its options.</summary>
    internal int MaxDepth { get; set; } = 64;

    /// <summary>The model this goes to or comes from, for error texts.</summary>
    internal string? TargetModel { get; set; }

    /// <summary>What the model declares of its tensors: names and datatypes for V1 payloads, which carry none.</summary>
    internal IReadOnlyList<TensorMetadata>? Declared { get; set; }

    /// <summary>Whether what arrived is no longer what this payload says.</summary>
    internal bool Edited => _tensors is not null && Form != WireForm.Tensors && _tensors.Any(static t => t.Edited);

    /// <summary>Whether somebody has read the payload as a document.</summary>
    internal bool HasDocument => _document is not null;

    internal IReadOnlyList<Tensor> Tensors => _tensors ??= _disposed ? throw Disposed() : Guard(static m => m.ReadTensors());

    internal InferHead Head
    {
        get
        {
            if (!_headRead)
            {
                ReadHeadAndTensors();
            }

            return _head;
        }
    }

    /// <summary>Gives the memory back to the pool. The host does this for every payload of a call.</summary>
    public void Dispose()
    {
        if (Form == WireForm.Tensors && _owned.Count == 0 && _document is null)
        {
            // It owns nothing but what the hook gave it, and may serve again.
            return;
        }

        _disposed = true;
        _document?.Dispose();
        _document = null;
        _tensors = null;
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }

        _owned.Clear();
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a pooled array part of this payload, to be given back with it.</summary>
    internal void OwnRented(byte[] array) => _rented = array;

    /// <summary>
    /// Ties something's lifetime to this payload: it is disposed of together with it, when the call ends. A predictor of
    /// one's own gives back the memory behind its tensors this way.
    /// </summary>
    /// <returns>The same object.</returns>
    public T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    /// <summary>Reads a V1 payload's tensors with what is now known of the tensors the other side wants.</summary>
    internal IReadOnlyList<Tensor> TensorsAs(IReadOnlyList<TensorMetadata>? declared) =>
        Form == WireForm.V1 && !Edited && declared is { Count: > 0 } && !ReferenceEquals(declared, Declared)
            ? Guard(m => m.ConvertFromV1(declared))
            : Tensors;

    private protected abstract IReadOnlyList<Tensor> ConvertFromV1(IReadOnlyList<TensorMetadata>? declared);

    private protected abstract (InferHead Head, IReadOnlyList<Tensor> Tensors) Read();

    private protected abstract void WriteV1(PooledBuffer to);

    /// <summary>Runs a reader; whoever sent the bytes gets the blame when they cannot be read.</summary>
    private protected abstract T Guard<T>(Func<InferMessage, T> read);

    private JsonDocument Document
    {
        get
        {
            if (_document is null)
            {
                if (Form == WireForm.V1)
                {
                    _document = JsonParsing.Parse(Body, MaxDepth);
                }
                else if (Form == WireForm.Opaque)
                {
                    throw NotReadable("JSON form");
                }
                else
                {
                    PooledBuffer buffer = Own(new PooledBuffer());
                    WriteV1(buffer);
                    _document = JsonParsing.Parse(buffer.WrittenMemory, MaxDepth);
                }

                OnDocument(_document.RootElement);
            }

            return _document;
        }
    }

    /// <summary>Mostly a forgotten header: curl -d alone says that it sends a form. So the text names the one that is missing.</summary>
    private InferenceException NotReadable(string wanted) => InferenceException.InvalidInput(
        (ContentType is { Length: > 0 } type ? $"a payload of type '{type}'" : "a payload without a Content-Type")
        + $" has no {wanted}; JSON is sent with the header Content-Type: {MediaTypes.Json}");

    private ObjectDisposedException Disposed() => new(
        GetType().Name, "The payload is used after the call it belonged to. Make a new one for each call.");

    private protected virtual void OnDocument(JsonElement root)
    {
    }

    private IReadOnlyList<Tensor> ReadTensors()
    {
        if (Form == WireForm.V1)
        {
            return ConvertFromV1(Declared);
        }

        if (Form == WireForm.Opaque)
        {
            throw NotReadable("tensors");
        }

        ReadHeadAndTensors();
        return _tensors!;
    }

    private void ReadHeadAndTensors()
    {
        if (Form is WireForm.V2 or WireForm.V2Binary or WireForm.Grpc)
        {
            (_head, _tensors) = Guard(static m => m.Read());
        }

        _headRead = true;
    }
}
