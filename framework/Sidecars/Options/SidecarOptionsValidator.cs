namespace Sidecars.Options;

/// <summary>Checks options as a whole, wherever their values came from: code can set what no flag would accept, and
/// two values can each be right and not go together.</summary>
internal static class SidecarOptionsValidator
{
    /// <summary>Everything that is wrong, each with the option, its value and what is allowed; empty when all is
    /// well.</summary>
    public static IReadOnlyList<string> Validate(SidecarOptions options)
    {
        List<string> problems =
        [
            .. from option in OptionTable.All
               where !option.IsAllowed(options)
               select $"option {option.Name}: {PythonText.Repr(option.Show(options))} is not allowed; allowed: {option.Allowed}",
        ];
        if (options.EnableGrpc && options.GrpcPort != 0)
        {
            if (options.GrpcPort == options.HttpPort)
            {
                problems.Add($"options http_port and grpc_port: both are {options.GrpcPort}; give them different ports, "
                    + "or --enable_grpc=false");
            }

            if (options.GrpcPort == options.MetricsPort)
            {
                problems.Add($"options metrics_port and grpc_port: both are {options.GrpcPort}; give them different "
                    + "ports, or leave out --metrics_port to serve metrics on the HTTP port");
            }
        }

        if (options is { PredictorUseSsl: true, PredictorCaFile: { } file } && !File.Exists(file))
        {
            problems.Add($"option predictor_ca_file: there is no file {PythonText.Repr(file)}; give a PEM file, or leave "
                + "it out to trust the system's authorities");
        }

        return problems;
    }
}
