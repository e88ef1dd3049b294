namespace Sidecars.Serving;

/// <summary>What a REST path means.</summary>
internal enum RestRoute : byte
{
    NotFound,
    Alive,
    Metrics,
    OpenApi,
    Docs,
    V1Models,
    V1Model,
    V1Predict,
    V1Explain,
    OnlyExplain,
    V2Server,
    V2Live,
    V2Ready,
    V2Models,
    V2Model,
    V2ModelReady,
    V2Infer,
    V2Version,
    RepositoryLoad,
    RepositoryUnload,
}
