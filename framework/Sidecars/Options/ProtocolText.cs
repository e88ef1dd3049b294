namespace Sidecars.Options;

/// <summary>How <see cref="PredictorProtocol"/> is written on a command line.</summary>
internal static class ProtocolText
{
    public static string[] All { get; } = ["v1", "v2", "grpc-v2"];

    public static string Show(PredictorProtocol protocol) => protocol switch
    {
        PredictorProtocol.V1 => "v1",
        PredictorProtocol.V2 => "v2",
        PredictorProtocol.GrpcV2 => "grpc-v2",
        _ => protocol.ToString(),
    };

    public static PredictorProtocol Read(string text) => (PredictorProtocol)Array.IndexOf(All, text);
}
