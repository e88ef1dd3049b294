namespace Sidecars.Management;

/// <summary>What kind of thing went wrong.</summary>
public enum KServeError
{
    /// <summary>The API server could not be reached, or broke off.</summary>
    Unreachable,

    /// <summary>The API server does not know who is asking (401).</summary>
    Unauthorized,

    /// <summary>The account may not do this (403).</summary>
    Forbidden,

    /// <summary>KServe is not installed: the API server knows no InferenceServices.</summary>
    NotInstalled,

    /// <summary>There is no object, or no namespace, of that name (404).</summary>
    NotFound,

    /// <summary>There is one already (409 on create).</summary>
    AlreadyExists,

    /// <summary>Somebody else changed the object, or owns a field that was to be set (409).</summary>
    Conflict,

    /// <summary>The object is refused: its schema, a webhook or a rule of ours (400, 422).</summary>
    Invalid,

    /// <summary>The version asked for is too old to be followed (410).</summary>
    Expired,

    /// <summary>It did not become ready in time.</summary>
    NotReady,

    /// <summary>Any other answer of the API server.</summary>
    Server,

    /// <summary>There are no credentials, or they cannot be read.</summary>
    Credentials,
}
