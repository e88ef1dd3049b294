using Microsoft.AspNetCore.Http.Metadata;

namespace Sidecars.Serving;

/// <summary>
/// Takes the server's limit of a request body from the gRPC endpoints: there <c>--grpc_max_receive_message_length</c> is the
/// limit, also where it is the larger of the two.
/// </summary>
internal sealed class GrpcSizeLimit : IRequestSizeLimitMetadata
{
    public static readonly GrpcSizeLimit Instance = new();

    public long? MaxRequestBodySize => null;
}
