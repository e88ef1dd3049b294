using Google.Protobuf;
using Grpc.Core;
using Sidecars.Pipeline;
using Sidecars.Protocol;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Serving;

/// <summary>
/// inference.GRPCInferenceService. The methods have the contract's names and are virtual, for that is how gRPC finds
/// them; the two Infer calls read and write the wire themselves.
/// </summary>
[BindServiceMethod(typeof(GrpcInferenceService), nameof(BindService))]
internal class GrpcInferenceService(GrpcCalls calls, ModelRegistry models, Readiness readiness, ModelDescriptions descriptions)
{
    public virtual Task<WirePayload> ModelInfer(InferRequest request, ServerCallContext context) => calls.InferAsync(request, context);

    public virtual Task ModelStreamInfer(
        IAsyncStreamReader<InferRequest> requests, IServerStreamWriter<WirePayload> responses, ServerCallContext context) =>
        calls.StreamAsync(requests, responses, context);

    public virtual Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public virtual async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        new() { Ready = await readiness.IsServerReadyAsync(context.CancellationToken).ConfigureAwait(false) };

    public virtual async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        new() { Ready = await readiness.IsModelReadyAsync(Known(request.Name), context.CancellationToken).ConfigureAwait(false) };

    public virtual Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse
        {
            Name = InfoEndpoints.ServerName,
            Version = InfoEndpoints.ServerVersion,
            Extensions = { InfoEndpoints.Extensions },
        });

    public virtual async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        ModelMetadata metadata = await descriptions.MetadataAsync(Known(request.Name), context.CancellationToken).ConfigureAwait(false);
        return new ModelMetadataResponse
        {
            Name = metadata.Name,
            Platform = metadata.Platform,
            Inputs = { metadata.Inputs.Select(Describe) },
            Outputs = { metadata.Outputs.Select(Describe) },
        };
    }

    public virtual async Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context)
    {
        await Guard(models.LoadAsync(request.ModelName, context.CancellationToken)).ConfigureAwait(false);
        return new RepositoryModelLoadResponse { ModelName = request.ModelName, IsLoaded = true };
    }

    public virtual async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        await Guard(models.UnloadAsync(request.ModelName, context.CancellationToken)).ConfigureAwait(false);
        return new RepositoryModelUnloadResponse { ModelName = request.ModelName, IsUnloaded = true };
    }

    /// <summary>Called by gRPC to learn the methods; the delegates are found on this class by the methods' names.</summary>
    public static void BindService(ServiceBinderBase binder, GrpcInferenceService? service)
    {
        binder.AddMethod(
            new Method<InferRequest, WirePayload>(
                MethodType.Unary, GrpcMarshallers.Service, nameof(ModelInfer), GrpcMarshallers.Request, GrpcMarshallers.LastPayload),
            (UnaryServerMethod<InferRequest, WirePayload>)null!);
        binder.AddMethod(
            new Method<InferRequest, WirePayload>(
                MethodType.DuplexStreaming, GrpcMarshallers.Service, nameof(ModelStreamInfer), GrpcMarshallers.Request, GrpcMarshallers.LastPayload),
            (DuplexStreamingServerMethod<InferRequest, WirePayload>)null!);
        Add(binder, nameof(ServerLive), ServerLiveRequest.Parser, ServerLiveResponse.Parser);
        Add(binder, nameof(ServerReady), ServerReadyRequest.Parser, ServerReadyResponse.Parser);
        Add(binder, nameof(ModelReady), ModelReadyRequest.Parser, ModelReadyResponse.Parser);
        Add(binder, nameof(ServerMetadata), ServerMetadataRequest.Parser, ServerMetadataResponse.Parser);
        Add(binder, nameof(ModelMetadata), ModelMetadataRequest.Parser, ModelMetadataResponse.Parser);
        Add(binder, nameof(RepositoryModelLoad), RepositoryModelLoadRequest.Parser, RepositoryModelLoadResponse.Parser);
        Add(binder, nameof(RepositoryModelUnload), RepositoryModelUnloadRequest.Parser, RepositoryModelUnloadResponse.Parser);
    }

    private static void Add<TRequest, TResponse>(
        ServiceBinderBase binder, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse> =>
        binder.AddMethod(
            new Method<TRequest, TResponse>(
                MethodType.Unary, GrpcMarshallers.Service, name, GrpcMarshallers.Read(requests), GrpcMarshallers.Read(responses)),
            (UnaryServerMethod<TRequest, TResponse>)null!);

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorMetadata tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype.Name(), Shape = { tensor.Shape } };

    private static async Task Guard(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (InferenceException e)
        {
            throw GrpcCalls.ToRpc(e);
        }
    }

    private RegisteredModel Known(string name) =>
        models.Find(name) ?? throw GrpcCalls.ToRpc(InferenceException.ModelNotFound(name));
}
