namespace Sidecars.Protocol;

/// <summary>The form a payload's bytes have.</summary>
internal enum WireForm : byte
{
    /// <summary>None: built by a hook from tensors.</summary>
    Tensors,

    /// <summary>A V1 document; any JSON value.</summary>
    V1,

    /// <summary>An Open Inference JSON document.</summary>
    V2,

    /// <summary>The same with binary tensors behind it.</summary>
    V2Binary,

    /// <summary>A ModelInferRequest or ModelInferResponse message.</summary>
    Grpc,

    /// <summary>Bytes of another content type, which only hooks can read.</summary>
    Opaque,
}
