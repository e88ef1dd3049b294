using Google.Protobuf.Reflection;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Serving;

/// <summary>What the reflection service tells.</summary>
internal static class GrpcDescriptors
{
    public static IReadOnlyList<ServiceDescriptor> All { get; } =
    [
        InferenceReflection.Descriptor.Services[0],
        Grpc.Health.V1.Health.Descriptor,
        Grpc.Reflection.V1.ServerReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
    ];
}
