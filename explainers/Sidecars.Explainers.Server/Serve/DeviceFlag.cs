using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Sidecars.Explainers.Server.Serve;

/// <summary>Reads <c>--device</c> into the options that models are run with.</summary>
internal static class DeviceFlag
{
    /// <summary>Sets the device in the application's configuration.</summary>
    public static void Read(SidecarApplicationBuilder builder, List<string> errors)
    {
        string? text = builder.OtherFlags.GetValueOrDefault("device");
        string name = "--device";
        if (text is null && builder.Configuration["SIDECAR_DEVICE"] is { Length: > 0 } variable)
        {
            (text, name) = (variable, "SIDECAR_DEVICE");
        }

        if (text is null)
        {
            return;
        }

        string[] parts = text.Split(':');
        bool numbered = parts is ["cuda", var id] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!numbered && text is not ("auto" or "cpu" or "cuda"))
        {
            errors.Add($"{name} is '{text}'; allowed: auto, cpu, cuda, cuda:N");
            return;
        }

        Dictionary<string, string?> settings = new() { ["onnx_device"] = parts[0] };
        if (numbered)
        {
            settings["onnx_device_id"] = parts[1];
        }

        ((IConfigurationBuilder)builder.Configuration).AddInMemoryCollection(settings);
    }
}
